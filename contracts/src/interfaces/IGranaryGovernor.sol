// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICommonErrors} from "./ICommonErrors.sol";
import {IGranaryDomain} from "./IGranaryDomain.sol";

/// @notice A member proposes calls of the Timelock. Signed by `proposer`, so that it can be relayed.
struct Proposal {
    address proposer;
    address[] targets;
    uint256[] values;
    bytes[] calldatas;
    string description;
    /// The last block time at which the message is taken.
    uint256 deadline;
}

/// @title IGranaryGovernor
/// @notice What GranaryGovernor has beyond OpenZeppelin's Governor: proposing by signature, so that members need no gas.
/// @dev Votes are relayed by `castVoteBySig`: the typed message is OpenZeppelin's `Ballot`, its nonce always 0, for an
/// account votes once a proposal and a replay changes nothing. Signatures are checked as everywhere in Granary: ECDSA
/// first, so that an account with EIP-7702 code keeps its key's signatures, then ERC-1271.
interface IGranaryGovernor is ICommonErrors, IGranaryDomain {
    /// @notice The smallest quorum, told once at the deployment: it never changes.
    event QuorumMinimumSet(uint256 quorumMinimum);

    /// @notice Proposes for the account that signed. Anyone may send it.
    /// @dev Reverts with MessageExpired, SignatureInvalid, and as `propose` does.
    /// @return proposalId As `hashProposal` gives it.
    function proposeBySig(Proposal calldata proposal, bytes calldata signature) external returns (uint256 proposalId);

    /// @notice No quorum is smaller, in GRAIN. While fewer votes were earned the DAO decides nothing: else whoever is the
    /// first to join would be all of it.
    function quorumMinimum() external view returns (uint256);
}
