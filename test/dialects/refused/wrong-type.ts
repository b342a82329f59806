import { Field, t } from 'lynchpin';

/** Must not compile in either dialect: each field says one thing and holds another. */
export class Wrong {
  @Field(t.string()) text!: number;
  @Field(t.integer(), { default: 'x' }) count!: number;
}
