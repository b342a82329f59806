import { equal, throws } from 'node:assert/strict';
import { mutate } from './index.js';

describe('a mutation', () => {
  const mutation = { file: 'dist/pin/decide.js', find: 'count < roll', replace: 'false' };

  it('replaces what it finds', () => {
    equal(mutate('if (count < roll) hold();', [mutation]), 'if (false) hold();');
  });

  it('fails when the code has moved on, and when it is ambiguous', () => {
    throws(() => mutate('if (count <= roll) hold();', [mutation]));
    throws(() => mutate('count < roll || count < roll', [mutation]));
  });
});
