// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {AccessRequest} from "../../src/interfaces/IAccessRequests.sol";
import {Join} from "../../src/interfaces/IGrainToken.sol";
import {Proposal} from "../../src/interfaces/IGranaryGovernor.sol";
import {Settlement} from "../../src/interfaces/IRewardPool.sol";
import {Base} from "../Base.t.sol";
import {Actor} from "./Signing.sol";

/// @notice The world with members: Alice has earned and joined with 60 votes, Bob with 40. What the DAO does here it
/// does by proposal, vote, queue and execution.
abstract contract Dao is Base {
    uint8 internal constant AGAINST = 0;
    uint8 internal constant FOR = 1;
    uint8 internal constant ABSTAIN = 2;

    Actor internal bob;

    bytes32 private _salt;

    function setUp() public virtual override {
        super.setUp();
        bob = _actor("Bob");
        _earn(alice.account, 60e18);
        _earn(bob.account, 40e18);
        _joinFor(alice);
        _joinFor(bob);
        vm.warp(block.timestamp + 1);
    }

    // ----------------------------------------------------------------------------------------------------- votes

    /// @dev Trent uses the account's data, a settlement says so, and the account is paid. The tree has one leaf: whoever
    /// earned before has claimed.
    function _earn(address account, uint256 amount) internal {
        AccessRequest memory message = _request(uint32((amount + PRICE - 1) / PRICE));
        message.salt = _salt = keccak256(abi.encode(_salt));
        bytes32 request = _open(message);
        uint256 earned = rewards.claimed(account) + amount;
        _settle(_settlement(request, amount, _leaf(account, earned)));
        rewards.claim(account, earned, new bytes32[](0));
    }

    function _joinFor(Actor memory member) internal {
        Join memory message = Join(member.account, block.timestamp);
        grain.joinFor(message, _sign(member, _digest(grain, _hash(message))));
    }

    // ------------------------------------------------------------------------------------------------- proposals

    function _proposal(address target, bytes memory call) internal view returns (Proposal memory proposal) {
        proposal.proposer = alice.account;
        proposal.targets = _only(target);
        proposal.values = new uint256[](1);
        proposal.calldatas = new bytes[](1);
        proposal.calldatas[0] = call;
        proposal.description = "A proposal";
        proposal.deadline = block.timestamp + 1 hours;
    }

    /// @dev Something harmless to vote on.
    function _anyProposal() internal view returns (Proposal memory) {
        return _proposal(address(requests), abi.encodeCall(requests.setFees, (400, 900)));
    }

    function _propose(Proposal memory proposal) internal returns (uint256) {
        return governor.proposeBySig(proposal, _sign(alice, _digest(governor, _hash(proposal))));
    }

    function _vote(uint256 id, Actor memory voter, uint8 support) internal {
        bytes memory signature = _sign(voter, _digest(governor, _hashBallot(id, support, voter.account)));
        governor.castVoteBySig(id, support, voter.account, signature);
    }

    function _toVoting(uint256 id) internal {
        vm.warp(governor.proposalSnapshot(id) + 1);
    }

    function _toEnd(uint256 id) internal {
        vm.warp(governor.proposalDeadline(id) + 1);
    }

    function _queue(Proposal memory proposal) internal {
        governor.queue(proposal.targets, proposal.values, proposal.calldatas, keccak256(bytes(proposal.description)));
    }

    function _execute(Proposal memory proposal) internal {
        governor.execute(proposal.targets, proposal.values, proposal.calldatas, keccak256(bytes(proposal.description)));
    }

    /// @dev The whole life of a proposal, up to what it does.
    function _carry(Proposal memory proposal) internal returns (uint256 id) {
        id = _propose(proposal);
        _toVoting(id);
        _vote(id, alice, FOR);
        _toEnd(id);
        _queue(proposal);
        vm.warp(governor.proposalEta(id));
        vm.prank(mallory.account);
        _execute(proposal);
    }

    function _carry(address target, bytes memory call) internal {
        _carry(_proposal(target, call));
    }

    function _assertState(uint256 id, IGovernor.ProposalState expected) internal view {
        vm.assertEq(uint256(governor.state(id)), uint256(expected));
    }
}
