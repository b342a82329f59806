import { compat } from 'lynchpin/testing';

compat.suite(() => import('../src/contracts.js'));
