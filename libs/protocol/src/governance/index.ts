export { ACTIONS, type ActionName, isActionName } from './actions.js'
export { type ArgumentKind, type CommitteeMemberArgument, KINDS, type Words } from './arguments.js'
export { type ActionArguments, buildCall, type Call, describeCall } from './calls.js'
export { operationId, proposalId } from './ids.js'
