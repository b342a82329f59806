import assert from 'node:assert/strict';
import { Backport, Field, Lossy, Message, Rpc, RpcApi, t, Upgrade, VersionedObject } from 'lynchpin';
import type { Default, Method, Older, Wire } from 'lynchpin';
import { compat } from 'lynchpin/testing';
import { failureOf } from './support/failing.js';

@VersionedObject({ version: '1.2' })
@Lossy({ from: '1.1', to: '1.0', fields: ['weight'], reason: 'readers at 1.0 know whole kilograms' })
@Lossy({ from: '1.2', to: '1.1', fields: ['owner'], reason: 'it once was; nothing loses it any more' })
class Parcel {
  @Field(t.string()) owner!: string;
  @Field(t.number({ minimum: 0, maximum: 1000 })) weight!: number;
  @Field(t.list(t.string()), { since: '1.2', default: () => [] }) labels!: Default<string[]>;

  @Backport({ from: '1.1', to: '1.0' })
  static wholeKilograms(parcel: Older<Parcel>) {
    return { ...parcel, weight: Math.round(parcel.weight ?? 0) };
  }
}

@VersionedObject({ version: '1.1' })
class Letter {
  @Field(t.string()) text!: string;
  @Field(t.boolean(), { since: '1.1', default: false }) urgent!: Default<boolean>;

  @Backport({ from: '1.1', to: '1.0' })
  static shorten(letter: Wire<Letter>) {
    return { ...letter, text: letter.text.slice(0, 3) };
  }

  @Upgrade({ from: '1.0', to: '1.1' })
  static same(letter: Older<Letter>) {
    if (letter.text === undefined) throw new Error('never');
    return { ...letter };
  }
}

@Message()
class SendLetter {
  @Field(t.string()) to!: string;
  @Field(t.boolean(), { since: '1.1', default: false }) urgent!: Default<boolean>;
}

@RpcApi({ topic: 'letters', version: '1.1' })
class LetterApi {
  @Rpc({ takes: SendLetter }) send!: Method<SendLetter>;
}

describe('compat.assertLossy', () => {
  it('passes when exactly what is declared is lost; newer fields are nobody’s loss', () => {
    compat.assertLossy(Parcel, { from: '1.1', to: '1.0', fields: ['weight'] });
    compat.assertLossy(SendLetter, { from: '1.1', to: '1.0', fields: [], api: LetterApi });
  });

  it('fails for a field that is lost without a word, with a value that shows it', () => {
    const text = failureOf(() => compat.assertLossy(Letter, { from: '1.1', to: '1.0', fields: [] }));
    assert.match(text, /text is lost without a word: ".*" comes back as "/);
    assert.match(text, /@Lossy/);
  });

  it('fails for what is expected and not declared, and for what is declared and not expected', () => {
    assert.match(
      failureOf(() => compat.assertLossy(Letter, { from: '1.1', to: '1.0', fields: ['text'] })),
      /text is not declared/,
    );
    assert.match(
      failureOf(() => compat.assertLossy(Parcel, { from: '1.1', to: '1.0', fields: [] })),
      /weight is declared to be lost/,
    );
  });

  it('fails for what is declared and never lost', () => {
    const text = failureOf(() => compat.assertLossy(Parcel, { from: '1.2', to: '1.0', fields: ['weight', 'owner'] }));
    assert.match(text, /owner always comes back as it was/);
    assert.doesNotMatch(text, /weight/);
  });
});
