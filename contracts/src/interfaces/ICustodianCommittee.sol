// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICommonErrors} from "./ICommonErrors.sol";

/// @notice One custodian of an epoch.
struct Member {
    /// Signs receipts and settlements; an ordinary account.
    address account;
    /// The URL of its HTTP interface.
    string endpoint;
    /// Its age recipient (`age1…`), to which others seal what only it may read.
    string recipient;
}

/// @notice One committee. Its members' index, the x-coordinate of their share, is their place in `members` plus one.
struct Epoch {
    /// t: so many members open a dataset or sign a settlement.
    uint8 threshold;
    bool active;
    /// Y, a ristretto255 point. Zero until active.
    bytes32 groupKey;
    /// The digest of the key-generation transcript. Zero until active.
    bytes32 transcript;
    Member[] members;
    /// Y_1 … Y_n in the members' order. Empty until active.
    bytes32[] verifyingShares;
}

/// @title ICustodianCommittee
/// @notice The committee of custodians, epoch by epoch. An epoch is active once every member listed has confirmed the
/// same outcome of the key generation: without that, an equivocating member can leave two others with different keys
/// and no error.
/// @dev The contract cannot check points or shares: clients check that all Y_i lie on one polynomial of degree t - 1
/// with value Y at zero before they seal to Y.
interface ICustodianCommittee is ICommonErrors {
    // ------------------------------------------------------------------------------------------------------- errors

    /// @notice A committee needs t >= 2, n >= 2t - 1 and n <= 64.
    error CommitteeSizeInvalid(uint256 threshold, uint256 members);

    /// @notice The same account twice in one committee.
    error MemberRepeated(address account);

    /// @notice A member without endpoint or recipient.
    error MemberIncomplete(address account);

    /// @notice No epoch has this number.
    error EpochUnknown(uint32 epoch);

    /// @notice The epoch is active; nothing about it changes any more.
    error EpochIsActive(uint32 epoch);

    /// @notice A later epoch was proposed: this one was given up.
    error EpochSuperseded(uint32 epoch, uint32 latest);

    /// @notice Only a member of the epoch may confirm.
    error NotMember(uint32 epoch, address account);

    /// @notice The zero word encodes the identity: never a key.
    error KeyZero();

    // ------------------------------------------------------------------------------------------------------- events

    /// @notice A committee was proposed; its members now run the key generation.
    event EpochProposed(uint32 indexed epoch, uint8 threshold, Member[] members);

    /// @notice A member confirmed an outcome, perhaps in place of one confirmed before.
    event EpochConfirmed(uint32 indexed epoch, address indexed member, bytes32 transcript);

    /// @notice All members confirmed the same outcome.
    event EpochActivated(uint32 indexed epoch, bytes32 groupKey, bytes32[] verifyingShares, bytes32 transcript);

    // ---------------------------------------------------------------------------------------------------- functions

    /// @notice Proposes the next committee. Owner only. Changes nothing about the current one; an earlier one that is not
    /// active yet can be confirmed no more, so that what the DAO has thought better of stays undone.
    /// @return epoch Its number, counted from 1.
    function propose(uint8 threshold, Member[] calldata members) external returns (uint32 epoch);

    /// @notice Confirms the outcome of the key generation. Members only; a member's last word counts until the epoch is
    /// active, which it is in the moment in which all members' words are equal.
    function confirm(uint32 epoch, bytes32 groupKey, bytes32[] calldata verifyingShares, bytes32 transcript) external;

    /// @notice The latest active epoch, 0 if there is none.
    function currentEpoch() external view returns (uint32);

    /// @notice How many epochs were proposed; the last one's number.
    function epochCount() external view returns (uint32);

    /// @notice One epoch. Reverts with EpochUnknown.
    function epoch(uint32 number) external view returns (Epoch memory);

    /// @notice t of an epoch, 0 if unknown.
    function threshold(uint32 epoch) external view returns (uint8);

    /// @notice A member's index, counted from 1; 0 = not a member.
    function memberIndex(uint32 epoch, address account) external view returns (uint256);

    /// @notice What a member last confirmed, `keccak256(abi.encode(groupKey, verifyingShares, transcript))`; 0 = nothing.
    function confirmation(uint32 epoch, address member) external view returns (bytes32);
}
