// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {
    GovernorVotesQuorumFraction
} from "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IGranaryDomain} from "./interfaces/IGranaryDomain.sol";
import {IGranaryGovernor, Proposal} from "./interfaces/IGranaryGovernor.sol";
import {MessageHash} from "./libraries/MessageHash.sol";
import {SignatureCheck} from "./libraries/SignatureCheck.sol";

/// @title GranaryGovernor
/// @notice Proposals and votes. What passes is executed by the Timelock, which owns every other contract.
contract GranaryGovernor is
    IGranaryGovernor,
    Governor,
    GovernorSettings,
    GovernorCountingSimple,
    GovernorVotes,
    GovernorVotesQuorumFraction,
    GovernorTimelockControl
{
    using MessageHash for Proposal;

    // ---------------------------------------------------------------------------------------------------- constants

    /// @inheritdoc IGranaryGovernor
    uint256 public immutable quorumMinimum;

    // -------------------------------------------------------------------------------------------------- constructor

    /// @param votingDelay_ Seconds from a proposal to the first vote.
    /// @param votingPeriod_ Seconds from the first vote to the last.
    /// @param threshold GRAIN that a proposer needs.
    /// @param quorumPercent Of all GRAIN, for and abstaining together.
    /// @param quorumMinimum_ GRAIN that a quorum needs in any case.
    constructor(
        IVotes grain,
        TimelockController timelock_,
        uint48 votingDelay_,
        uint32 votingPeriod_,
        uint256 threshold,
        uint256 quorumPercent,
        uint256 quorumMinimum_
    )
        Governor("Granary")
        GovernorSettings(votingDelay_, votingPeriod_, threshold)
        GovernorVotes(grain)
        GovernorVotesQuorumFraction(quorumPercent)
        GovernorTimelockControl(timelock_)
    {
        quorumMinimum = quorumMinimum_;
        emit QuorumMinimumSet(quorumMinimum_);
    }

    // ---------------------------------------------------------------------------------------------- signed messages

    /// @inheritdoc IGranaryGovernor
    function proposeBySig(Proposal calldata proposal, bytes calldata signature) external returns (uint256) {
        if (block.timestamp > proposal.deadline) revert MessageExpired(proposal.deadline);
        address proposer = proposal.proposer;
        if (!SignatureCheck.isValid(proposer, _hashTypedDataV4(proposal.hash()), signature)) {
            revert SignatureInvalid(proposer);
        }
        string memory description = proposal.description;
        if (!_isValidDescriptionForProposer(proposer, description)) revert GovernorRestrictedProposer(proposer);
        uint256 votes = getVotes(proposer, clock() - 1);
        uint256 needed = proposalThreshold();
        if (votes < needed) revert GovernorInsufficientProposerVotes(proposer, votes, needed);

        return _propose(proposal.targets, proposal.values, proposal.calldatas, description, proposer);
    }

    // -------------------------------------------------------------------------------------------------------- views

    /// @inheritdoc IGranaryDomain
    // solhint-disable-next-line func-name-mixedcase
    function DOMAIN_SEPARATOR() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    /// @inheritdoc Governor
    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256) {
        return super.proposalThreshold();
    }

    /// @inheritdoc GovernorVotesQuorumFraction
    /// @dev Never below `quorumMinimum`.
    function quorum(uint256 timepoint) public view override(Governor, GovernorVotesQuorumFraction) returns (uint256) {
        return Math.max(super.quorum(timepoint), quorumMinimum);
    }

    /// @inheritdoc GovernorTimelockControl
    function state(uint256 proposalId) public view override(Governor, GovernorTimelockControl) returns (ProposalState) {
        return super.state(proposalId);
    }

    /// @inheritdoc GovernorTimelockControl
    function proposalNeedsQueuing(uint256 proposalId)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (bool)
    {
        return super.proposalNeedsQueuing(proposalId);
    }

    // ---------------------------------------------------------------------------------------------------- internals

    /// @dev The nonce stays 0: see IGranaryGovernor.
    function _validateVoteSig(uint256 proposalId, uint8 support, address voter, bytes memory signature)
        internal
        view
        override
        returns (bool)
    {
        bytes32 hash = keccak256(abi.encode(BALLOT_TYPEHASH, proposalId, support, voter, uint256(0)));
        return SignatureCheck.isValidMemory(voter, _hashTypedDataV4(hash), signature);
    }

    function _validateExtendedVoteSig(
        uint256 proposalId,
        uint8 support,
        address voter,
        string memory reason,
        bytes memory params,
        bytes memory signature
    ) internal view override returns (bool) {
        bytes32 hash = keccak256(
            abi.encode(
                EXTENDED_BALLOT_TYPEHASH,
                proposalId,
                support,
                voter,
                uint256(0),
                keccak256(bytes(reason)),
                keccak256(params)
            )
        );
        return SignatureCheck.isValidMemory(voter, _hashTypedDataV4(hash), signature);
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }
}
