import { Field, VersionedObject } from 'lynchpin';
import { text, type Text } from './types.js';

/** How much one logger writes. */
@VersionedObject({ name: 'LogLevel', version: '1.0' })
export class LogLevel {
  @Field(text, { default: null }) prefix!: Text;
  @Field(text, { default: null }) level!: Text;
}
