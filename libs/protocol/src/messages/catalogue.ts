import { accessRequest } from './access-request.js'
import { approval } from './approval.js'
import { ballot } from './ballot.js'
import { consentUpdate } from './consent-update.js'
import { contribution } from './contribution.js'
import { delivery } from './delivery.js'
import { join } from './join.js'
import type { MessageDefinition, MessageValue, MessageWire } from './message.js'
import { ownerRelease } from './owner-release.js'
import { proposal } from './proposal.js'
import { receipt } from './receipt.js'
import { releaseOrder } from './release-order.js'
import { settlement } from './settlement.js'
import { trainerApplication } from './trainer-application.js'
import { withdrawal } from './withdrawal.js'

/** Every signed message by the name that is in its type string. */
export const MESSAGES = {
  Contribution: contribution,
  ConsentUpdate: consentUpdate,
  Withdrawal: withdrawal,
  OwnerRelease: ownerRelease,
  TrainerApplication: trainerApplication,
  AccessRequest: accessRequest,
  Approval: approval,
  ReleaseOrder: releaseOrder,
  Receipt: receipt,
  Delivery: delivery,
  Settlement: settlement,
  Join: join,
  Proposal: proposal,
  Ballot: ballot,
} as const satisfies Record<string, MessageDefinition>

export type MessageName = keyof typeof MESSAGES

/** The message `N` as a program holds it. */
export type MessageOf<N extends MessageName> = MessageValue<(typeof MESSAGES)[N]>

/** The message `N` as JSON. */
export type MessageJson<N extends MessageName> = MessageWire<(typeof MESSAGES)[N]>
