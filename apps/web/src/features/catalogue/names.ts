// The names that addresses and the API use, without the library that checks them, which is loaded when one signs.
import type { DatasetFormat, DatasetOrder, PurposeName } from '@granary/protocol'

const formats: readonly DatasetFormat[] = [
  'csv',
  'jsonl',
  'json',
  'parquet',
  'zip',
  'text',
  'image',
  'audio',
  'video',
  'other',
]
export const DATASET_FORMATS: readonly string[] = formats

const orders: readonly DatasetOrder[] = ['newest', 'oldest', 'largest', 'smallest']
export const DATASET_ORDERS: readonly string[] = orders

/** Of a request: exactly one. */
export const USES = ['pretraining', 'fine-tuning', 'evaluation', 'retrieval', 'synthetic-data'] as const
/** And as many of these. */
export const CONDITIONS = ['commercial', 'publish-weights', 'keep-derived'] as const
export type Use = (typeof USES)[number]
export type Condition = (typeof CONDITIONS)[number]

const purposes: readonly PurposeName[] = [...USES, ...CONDITIONS]
export const PURPOSES: readonly string[] = purposes
