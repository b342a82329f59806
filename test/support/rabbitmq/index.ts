export { startCluster, type RabbitCluster } from './cluster.js';
export { RabbitNode, startRabbit, type RabbitOptions } from './node.js';
export { freePorts } from './ports.js';
export { sharedNode, sharedRabbit, type SharedRabbit } from './shared.js';
