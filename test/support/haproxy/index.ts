export { Haproxy } from './haproxy.js';
