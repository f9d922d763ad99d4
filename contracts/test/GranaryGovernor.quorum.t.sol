// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {GranaryGovernor} from "../src/GranaryGovernor.sol";
import {IGranaryGovernor} from "../src/interfaces/IGranaryGovernor.sol";
import {Base} from "./Base.t.sol";
import {Dao} from "./support/Dao.sol";

/// @notice Nobody has joined yet: whoever is first has every vote there is.
contract QuorumTest is Dao {
    function setUp() public override {
        Base.setUp();
    }

    /// @dev What becomes of a proposal that Alice, the only member, votes for alone.
    function _carriesAlone(uint256 votes) private returns (bool) {
        _earn(alice.account, votes);
        _joinFor(alice);
        vm.warp(block.timestamp + 1);
        uint256 id = _propose(_anyProposal());
        _toVoting(id);
        _vote(id, alice, FOR);
        _toEnd(id);
        return governor.state(id) == IGovernor.ProposalState.Succeeded;
    }

    function test_refuses_the_only_member_one_vote_below_the_minimum() public {
        vm.assertFalse(_carriesAlone(QUORUM_MINIMUM - 1));
    }

    function test_takes_the_only_member_at_the_minimum() public {
        vm.assertTrue(_carriesAlone(QUORUM_MINIMUM));
    }

    function testFuzz_is_told_at_the_deployment(uint256 minimum) public {
        vm.expectEmit();
        emit IGranaryGovernor.QuorumMinimumSet(minimum);
        GranaryGovernor other = new GranaryGovernor(
            grain, timelock, VOTING_DELAY, VOTING_PERIOD, PROPOSAL_THRESHOLD, QUORUM_PERCENT, minimum
        );
        vm.assertEq(other.quorumMinimum(), minimum);
    }

    function testFuzz_is_the_larger_of_a_part_of_all_votes_and_the_minimum(uint96 votes) public {
        uint256 amount = 1 + votes % 900_000e18;
        _earn(alice.account, amount);
        _joinFor(alice);
        vm.warp(block.timestamp + 1);
        uint256 part = amount * QUORUM_PERCENT / 100;
        vm.assertEq(governor.quorum(block.timestamp - 1), part > QUORUM_MINIMUM ? part : QUORUM_MINIMUM);
        vm.assertEq(governor.quorumMinimum(), QUORUM_MINIMUM);
    }
}
