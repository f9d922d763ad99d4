// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {Epoch, ICustodianCommittee, Member} from "./interfaces/ICustodianCommittee.sol";

/// @title CustodianCommittee
/// @notice The committee of custodians, epoch by epoch.
contract CustodianCommittee is ICustodianCommittee, Ownable2Step {
    // ------------------------------------------------------------------------------------------------------ storage

    uint256 private constant MEMBERS_MAXIMUM = 64;

    mapping(uint32 epoch => Epoch) private _epochs;

    /// @inheritdoc ICustodianCommittee
    mapping(uint32 epoch => mapping(address account => uint256)) public memberIndex;

    /// @inheritdoc ICustodianCommittee
    mapping(uint32 epoch => mapping(address account => bytes32)) public confirmation;

    /// @inheritdoc ICustodianCommittee
    uint32 public epochCount;

    /// @inheritdoc ICustodianCommittee
    uint32 public currentEpoch;

    // -------------------------------------------------------------------------------------------------- constructor

    constructor(address owner) Ownable(owner) {}

    // -------------------------------------------------------------------------------------------------------- owner

    /// @inheritdoc ICustodianCommittee
    function propose(uint8 t, Member[] calldata members) external onlyOwner returns (uint32 number) {
        uint256 n = members.length;
        if (t < 2 || n < 2 * uint256(t) - 1 || n > MEMBERS_MAXIMUM) revert CommitteeSizeInvalid(t, n);
        number = ++epochCount;
        Epoch storage target = _epochs[number];
        target.threshold = t;
        for (uint256 i; i < n; ++i) {
            Member calldata member = members[i];
            if (member.account == address(0)) revert AddressZero();
            if (bytes(member.endpoint).length == 0 || bytes(member.recipient).length == 0) {
                revert MemberIncomplete(member.account);
            }
            if (memberIndex[number][member.account] != 0) revert MemberRepeated(member.account);
            memberIndex[number][member.account] = i + 1;
            target.members.push(member);
        }
        emit EpochProposed(number, t, members);
    }

    // ------------------------------------------------------------------------------------------------------ members

    /// @inheritdoc ICustodianCommittee
    function confirm(uint32 number, bytes32 groupKey, bytes32[] calldata verifyingShares, bytes32 transcript) external {
        Epoch storage target = _known(number);
        uint256 n = target.members.length;
        if (memberIndex[number][msg.sender] == 0) revert NotMember(number, msg.sender);
        if (target.active) revert EpochIsActive(number);
        if (number != epochCount) revert EpochSuperseded(number, epochCount);
        if (verifyingShares.length != n) revert LengthMismatch(verifyingShares.length, n);
        if (groupKey == 0) revert KeyZero();
        for (uint256 i; i < n; ++i) {
            if (verifyingShares[i] == 0) revert KeyZero();
        }

        bytes32 outcome = keccak256(abi.encode(groupKey, verifyingShares, transcript));
        confirmation[number][msg.sender] = outcome;
        emit EpochConfirmed(number, msg.sender, transcript);

        for (uint256 i; i < n; ++i) {
            if (confirmation[number][target.members[i].account] != outcome) return;
        }
        target.active = true;
        target.groupKey = groupKey;
        target.transcript = transcript;
        target.verifyingShares = verifyingShares;
        currentEpoch = number;
        emit EpochActivated(number, groupKey, verifyingShares, transcript);
    }

    // -------------------------------------------------------------------------------------------------------- views

    /// @inheritdoc ICustodianCommittee
    function epoch(uint32 number) external view returns (Epoch memory) {
        return _known(number);
    }

    /// @inheritdoc ICustodianCommittee
    function threshold(uint32 number) external view returns (uint8) {
        return _epochs[number].threshold;
    }

    // ---------------------------------------------------------------------------------------------------- internals

    function _known(uint32 number) private view returns (Epoch storage found) {
        found = _epochs[number];
        if (found.threshold == 0) revert EpochUnknown(number);
    }
}
