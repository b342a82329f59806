export { findPrograms, type RabbitPrograms } from './binary.js';
export { startCluster, type RabbitCluster } from './cluster.js';
export { RabbitNode, startRabbit, type RabbitOptions } from './node.js';
export { freePorts, speaksAmqp } from './ports.js';
export { SHARED_URL, sharedRabbit, type SharedRabbit, stopSharedRabbit } from './shared.js';
