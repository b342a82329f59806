import { compat } from 'lynchpin/testing';

compat.suite(() => import('../../../examples/cinder-volume/contract/index.js'), { recording: 'examples/cinder-volume/compat' });
