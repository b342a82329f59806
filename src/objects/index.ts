export { Drawer, siteOf, type Site } from './declare/dialect.js';
export {
  Backport,
  Field,
  Lossy,
  Message,
  Upgrade,
  VersionedObject,
  type ClassDeclaration,
  type FieldDecorator,
  type MessageOptions,
  type ObjectOptions,
} from './declare/decorators.js';
export {
  defineMessage,
  defineObject,
  type BackportDefinition,
  type CheckedFields,
  type Definition,
  type FieldDefinition,
  type UpgradeDefinition,
} from './declare/define.js';
export type { FieldOptions, FieldProblem, Unless, Was } from './declare/field-options.js';
export type { BackportDecorator, LossOptions, StepOptions, UpgradeDecorator } from './declare/step-options.js';
export { reachOf } from './plan/reach.js';
export { checkDeprecation, deprecationOf, type Deprecation } from './records/deprecation.js';
export { isAlive, nameAt } from './records/line-check.js';
export { findRecord, recordOf } from './records/record-of.js';
export { didYouMean, editDistance, rejectUnknownOptions } from './records/suggest.js';
export type { FieldRecord, LossRecord, ObjectRecord, PlainObject, StepRecord, WasRecord } from './records/record.js';
export { withSteps } from './records/twin.js';
export type { Class, InstanceOf, Shape, ShapeValue } from './types/class.js';
export { isFieldType, type AnyFieldType, type FieldType, type TypeNode, type ValueOf } from './types/field-type.js';
export { leavesOf } from './types/leaves.js';
export { t } from './types/t.js';
export type { Default, Input, IsDefault, Json, Older, Undefault, Wire } from './types/values.js';
export { ObjectGraph, type Converter, type Direction, type GraphOptions, type Reader, type Use, type Writer } from './graph/graph.js';
export type { Carries, Manifest } from './graph/manifest.js';
export { byteLength, FORMATS } from './schema/formats.js';
export { Conversions } from './graph/conversions.js';
export { nodeOfShape, reachOfShape, Snapshots, type FieldSnapshot } from './graph/snapshots.js';
export { valuesAt, variantsAt, type At, type JsonSchema } from './schema/schema.js';
export { Validators, type Problem, type Validate } from './schema/validator.js';
export type { Stage } from './plan/stage.js';
export { applyChanges, changesOf, type Changes } from './standalone/changes.js';
export { deserialize, serialize, type Serialized, type SerializeOptions } from './standalone/serialize.js';
