export { AmqpBroker } from './broker.js';
