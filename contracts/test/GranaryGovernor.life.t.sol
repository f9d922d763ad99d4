// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {Proposal} from "../src/interfaces/IGranaryGovernor.sol";
import {Dao} from "./support/Dao.sol";

contract LifeTest is Dao {
    Proposal internal proposal;
    uint256 internal id;

    function setUp() public override {
        super.setUp();
        proposal = _anyProposal();
        id = _propose(proposal);
    }

    function _refusesToQueue() internal {
        (bool done,) = address(governor)
            .call(
                abi.encodeCall(
                    governor.queue,
                    (proposal.targets, proposal.values, proposal.calldatas, keccak256(bytes(proposal.description)))
                )
            );
        vm.assertFalse(done);
    }

    function _refusesToExecute() internal {
        (bool done,) = address(governor)
            .call(
                abi.encodeCall(
                    governor.execute,
                    (proposal.targets, proposal.values, proposal.calldatas, keccak256(bytes(proposal.description)))
                )
            );
        vm.assertFalse(done);
        (uint16 treasuryBps,) = requests.fees();
        vm.assertEq(treasuryBps, 500);
    }

    function _unchanged(uint256 expected) internal view {
        (uint16 treasuryBps,) = requests.fees();
        vm.assertEq(treasuryBps, expected);
    }

    // ----------------------------------------------------------------------------------------------------- refusals

    function test_refuses_to_queue_or_execute_before_the_vote_ended() public {
        _refusesToQueue();
        _toVoting(id);
        _vote(id, alice, FOR);
        _refusesToQueue();
        _refusesToExecute();
        vm.warp(governor.proposalDeadline(id));
        _assertState(id, IGovernor.ProposalState.Active);
        _refusesToQueue();
    }

    function test_refuses_what_was_voted_down() public {
        _toVoting(id);
        _vote(id, alice, AGAINST);
        _vote(id, bob, FOR);
        _toEnd(id);
        _assertState(id, IGovernor.ProposalState.Defeated);
        _refusesToQueue();
        _refusesToExecute();
    }

    function test_refuses_a_tie() public {
        _earn(bob.account, 20e18);
        _joinFor(bob);
        _toVoting(id);
        _vote(id, alice, AGAINST);
        _vote(id, bob, FOR);
        _toEnd(id);
        _assertState(id, IGovernor.ProposalState.Defeated);
        _refusesToQueue();
    }

    function test_refuses_what_nobody_voted_on() public {
        _toEnd(id);
        _assertState(id, IGovernor.ProposalState.Defeated);
        _refusesToQueue();
    }

    /// @dev Four of a hundred make the quorum; one who has less carries nothing alone.
    function testFuzz_refuses_too_few_votes(uint96 votes) public {
        uint256 amount = 1 + votes % 8e18;
        _earn(mallory.account, amount);
        _joinFor(mallory);
        vm.warp(block.timestamp + 1);
        proposal = _proposal(address(requests), abi.encodeCall(requests.setFees, (1, 1)));
        id = _propose(proposal);
        _toVoting(id);
        _vote(id, mallory, FOR);
        _toEnd(id);
        bool reached = amount >= (100e18 + amount) * QUORUM_PERCENT / 100;
        _assertState(id, reached ? IGovernor.ProposalState.Succeeded : IGovernor.ProposalState.Defeated);
        if (!reached) _refusesToQueue();
    }

    function test_refuses_to_execute_before_it_is_queued_and_the_delay_is_over() public {
        _toVoting(id);
        _vote(id, alice, FOR);
        _toEnd(id);
        _refusesToExecute();
        _queue(proposal);
        _refusesToExecute();
        vm.warp(governor.proposalEta(id) - 1);
        _refusesToExecute();
    }

    function test_refuses_to_queue_or_execute_twice() public {
        _toVoting(id);
        _vote(id, alice, FOR);
        _toEnd(id);
        _queue(proposal);
        _refusesToQueue();
        vm.warp(governor.proposalEta(id));
        _execute(proposal);
        vm.prank(dao);
        requests.setFees(500, 1000);
        _refusesToExecute();
    }

    function test_refuses_to_cancel_for_anybody_but_the_proposer_or_once_the_vote_began() public {
        bytes32 description = keccak256(bytes(proposal.description));
        address[3] memory senders = [bob.account, guardian, council];
        for (uint256 i; i < senders.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorUnableToCancel.selector, id, senders[i]));
            vm.prank(senders[i]);
            governor.cancel(proposal.targets, proposal.values, proposal.calldatas, description);
        }
        _toVoting(id);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorUnableToCancel.selector, id, alice.account));
        vm.prank(alice.account);
        governor.cancel(proposal.targets, proposal.values, proposal.calldatas, description);
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function test_goes_from_proposal_to_execution() public {
        _assertState(id, IGovernor.ProposalState.Pending);
        _toVoting(id);
        _assertState(id, IGovernor.ProposalState.Active);
        _vote(id, alice, FOR);
        _vote(id, bob, AGAINST);
        _toEnd(id);
        _assertState(id, IGovernor.ProposalState.Succeeded);
        vm.assertTrue(governor.proposalNeedsQueuing(id));
        vm.prank(mallory.account);
        _queue(proposal);
        _assertState(id, IGovernor.ProposalState.Queued);
        vm.assertEq(governor.proposalEta(id), block.timestamp + TIMELOCK_DELAY);
        vm.warp(governor.proposalEta(id));
        vm.expectEmit(address(governor));
        emit IGovernor.ProposalExecuted(id);
        vm.prank(mallory.account);
        _execute(proposal);
        _assertState(id, IGovernor.ProposalState.Executed);
        _unchanged(400);
    }

    /// @dev What the DAO decided waits for whoever executes it, for as long as it takes.
    function test_does_not_expire_once_it_is_queued() public {
        _toVoting(id);
        _vote(id, alice, FOR);
        _toEnd(id);
        vm.warp(block.timestamp + 3650 days);
        _queue(proposal);
        vm.warp(block.timestamp + 3650 days);
        _execute(proposal);
        _unchanged(400);
    }

    function test_abstentions_count_for_the_quorum() public {
        _earn(mallory.account, 1e18);
        _joinFor(mallory);
        _toVoting(id);
        _vote(id, mallory, FOR);
        _vote(id, bob, ABSTAIN);
        _toEnd(id);
        _assertState(id, IGovernor.ProposalState.Succeeded);
    }

    function test_is_cancelled_by_its_proposer_before_the_vote_begins() public {
        vm.prank(alice.account);
        governor.cancel(proposal.targets, proposal.values, proposal.calldatas, keccak256(bytes(proposal.description)));
        _assertState(id, IGovernor.ProposalState.Canceled);
        _refusesToQueue();
    }

    /// @dev Who executes past the Governor, at the Timelock itself, changes nothing but who sent it.
    function test_is_executed_at_the_timelock_too() public {
        _toVoting(id);
        _vote(id, alice, FOR);
        _toEnd(id);
        _queue(proposal);
        vm.warp(governor.proposalEta(id));
        bytes32 salt = bytes20(address(governor)) ^ keccak256(bytes(proposal.description));
        vm.prank(mallory.account);
        timelock.executeBatch(proposal.targets, proposal.values, proposal.calldatas, 0, salt);
        _assertState(id, IGovernor.ProposalState.Executed);
        _unchanged(400);
    }

    function test_a_call_that_fails_leaves_everything_as_it_was() public {
        proposal = _proposal(address(requests), abi.encodeCall(requests.setFees, (9000, 0)));
        id = _propose(proposal);
        _toVoting(id);
        _vote(id, alice, FOR);
        _toEnd(id);
        _queue(proposal);
        vm.warp(governor.proposalEta(id));
        _refusesToExecute();
        _assertState(id, IGovernor.ProposalState.Queued);
    }

    function test_runs_with_what_it_was_made_with() public view {
        vm.assertEq(governor.votingDelay(), VOTING_DELAY);
        vm.assertEq(governor.votingPeriod(), VOTING_PERIOD);
        vm.assertEq(governor.proposalThreshold(), PROPOSAL_THRESHOLD);
        vm.assertEq(governor.quorumNumerator(), QUORUM_PERCENT);
        vm.assertEq(governor.quorum(block.timestamp - 1), 4e18);
        vm.assertEq(address(governor.token()), address(grain));
        vm.assertEq(governor.timelock(), address(timelock));
        vm.assertEq(keccak256(bytes(governor.name())), keccak256("Granary"));
        vm.assertEq(keccak256(bytes(governor.CLOCK_MODE())), keccak256("mode=timestamp"));
    }
}
