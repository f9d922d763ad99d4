// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {GranaryDomain} from "./GranaryDomain.sol";
import {ITrainerRegistry, Trainer, TrainerApplication} from "./interfaces/ITrainerRegistry.sol";
import {MessageHash} from "./libraries/MessageHash.sol";
import {SignatureCheck} from "./libraries/SignatureCheck.sol";

/// @title TrainerRegistry
/// @notice Which trainers are approved.
contract TrainerRegistry is ITrainerRegistry, GranaryDomain, Ownable2Step {
    using MessageHash for TrainerApplication;
    using MessageHashUtils for bytes32;

    // ------------------------------------------------------------------------------------------------------ storage

    mapping(address account => Trainer) private _trainers;

    /// @inheritdoc ITrainerRegistry
    mapping(address account => bool) public isCouncil;

    // ---------------------------------------------------------------------------------------------------- modifiers

    modifier onlyCouncil() {
        if (!isCouncil[msg.sender] && msg.sender != owner()) revert NotCouncil(msg.sender);
        _;
    }

    // -------------------------------------------------------------------------------------------------- constructor

    constructor(address owner) Ownable(owner) {}

    // ---------------------------------------------------------------------------------------------- signed messages

    /// @inheritdoc ITrainerRegistry
    function submitApplication(TrainerApplication calldata application, bytes calldata signature) external {
        if (block.timestamp > application.deadline) revert MessageExpired(application.deadline);
        bytes32 digest = DOMAIN_SEPARATOR().toTypedDataHash(application.hash());
        if (!SignatureCheck.isValid(application.trainer, digest, signature)) {
            revert SignatureInvalid(application.trainer);
        }
        emit Applied(application.trainer, application.profile);
    }

    // ----------------------------------------------------------------------------------------------------- council

    /// @inheritdoc ITrainerRegistry
    function approve(address account, uint40 until, bytes32 profile) external onlyCouncil {
        if (account == address(0)) revert AddressZero();
        if (until < block.timestamp) revert ApprovalPast(until);
        _trainers[account].approvedUntil = until;
        _trainers[account].profile = profile;
        emit Approved(account, until, profile);
    }

    /// @inheritdoc ITrainerRegistry
    function revoke(address account) external onlyCouncil {
        _trainers[account].approvedUntil = 0;
        emit Revoked(account);
    }

    /// @inheritdoc ITrainerRegistry
    function setSuspended(address account, bool suspended) external onlyCouncil {
        _trainers[account].suspended = suspended;
        emit Suspended(account, suspended);
    }

    // -------------------------------------------------------------------------------------------------------- owner

    /// @inheritdoc ITrainerRegistry
    function setCouncil(address account, bool isMember) external onlyOwner {
        if (account == address(0)) revert AddressZero();
        isCouncil[account] = isMember;
        emit CouncilChanged(account, isMember);
    }

    // -------------------------------------------------------------------------------------------------------- views

    /// @inheritdoc ITrainerRegistry
    function trainer(address account) external view returns (Trainer memory) {
        return _trainers[account];
    }

    /// @inheritdoc ITrainerRegistry
    function isApproved(address account) external view returns (bool) {
        Trainer storage found = _trainers[account];
        return !found.suspended && block.timestamp <= found.approvedUntil;
    }
}
