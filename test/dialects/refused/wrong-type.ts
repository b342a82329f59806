import { Field, Message, Rpc, t, type Method } from 'lynchpin';

/** Must not compile in either dialect: each field says one thing and holds another. */
@Message()
export class Wrong {
  @Field(t.string()) text!: number;
  @Field(t.integer(), { default: 'x' }) count!: number;
}

/** The same for a method. */
export class WrongApi {
  @Rpc({ takes: Wrong }) create!: Method<Wrong, string>;
}
