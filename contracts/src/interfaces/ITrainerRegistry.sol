// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICommonErrors} from "./ICommonErrors.sol";
import {IGranaryDomain} from "./IGranaryDomain.sol";

/// @notice A trainer asks to be approved. Signed by `trainer`, so that it can be relayed.
struct TrainerApplication {
    address trainer;
    /// The digest in the CID of the profile document.
    bytes32 profile;
    /// The last block time at which the message is taken.
    uint256 deadline;
}

/// @notice What the chain knows of a trainer. All zero = never approved.
struct Trainer {
    /// Approved while the block time is not later than this; 0 = not approved.
    uint40 approvedUntil;
    bool suspended;
    /// The digest of the profile that was approved.
    bytes32 profile;
}

/// @title ITrainerRegistry
/// @notice Which trainers the DAO has approved, and until when. Decided by the owner, after a vote, or at once by the
/// council, to whom the owner gives that right and from whom it takes it. The council has no other right anywhere.
interface ITrainerRegistry is ICommonErrors, IGranaryDomain {
    // ------------------------------------------------------------------------------------------------------- errors

    /// @notice An approval that would have ended already.
    error ApprovalPast(uint40 until);

    /// @notice Neither the owner nor of the council.
    error NotCouncil(address sender);

    // ------------------------------------------------------------------------------------------------------- events

    /// @notice A trainer applied. Says nothing about whether it will be approved.
    event Applied(address indexed trainer, bytes32 profile);

    /// @notice A trainer was approved, or its approval replaced.
    event Approved(address indexed trainer, uint40 until, bytes32 profile);

    /// @notice An approval was taken back.
    event Revoked(address indexed trainer);

    /// @notice A trainer was suspended, or its suspension lifted.
    event Suspended(address indexed trainer, bool suspended);

    /// @notice An account was taken into the council, or out of it.
    event CouncilChanged(address indexed account, bool isMember);

    // ---------------------------------------------------------------------------------------------------- functions

    /// @notice Puts an application on chain. Anyone may send it; nothing is stored, so a replay only repeats the event.
    /// @dev Reverts with MessageExpired, SignatureInvalid.
    function submitApplication(TrainerApplication calldata application, bytes calldata signature) external;

    /// @notice Approves a trainer. Council or owner. Leaves a suspension as it is.
    /// @param until The last block time at which the approval holds.
    /// @param profile The digest of the profile document that is approved.
    function approve(address trainer, uint40 until, bytes32 profile) external;

    /// @notice Takes an approval back at once. Council or owner. A suspension stays.
    function revoke(address trainer) external;

    /// @notice Suspends a trainer, approved or not, or lifts that. Council or owner. Custodians release nothing from the
    /// next block on.
    function setSuspended(address trainer, bool suspended) external;

    /// @notice Takes an account into the council, or out of it. Owner only.
    function setCouncil(address account, bool isMember) external;

    /// @notice Whether the account is of the council.
    function isCouncil(address account) external view returns (bool);

    /// @notice One trainer. All zero if never approved nor suspended.
    function trainer(address account) external view returns (Trainer memory);

    /// @notice Whether the trainer is approved now and not suspended.
    function isApproved(address account) external view returns (bool);
}
