// The protocol's own numbers; the protocol itself is not loaded for them.
import type * as protocol from '@granary/protocol'

export const MAX_DESCRIPTION: typeof protocol.MAX_DESCRIPTION = 2_000
export const MAX_SCHEMA_COLUMN_NAME: typeof protocol.MAX_SCHEMA_COLUMN_NAME = 200
