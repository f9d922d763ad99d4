// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Member} from "../src/interfaces/ICustodianCommittee.sol";
import {Proposal} from "../src/interfaces/IGranaryGovernor.sol";
import {Dao} from "./support/Dao.sol";

/// @notice What a vote can change, each carried from proposal to execution; and what no vote can.
contract PowersTest is Dao {
    // ----------------------------------------------------------------------------------------------------- refusals

    /// @dev Passed by all votes, and refused by the contract that it is about.
    function _refuses(address target, bytes memory call) internal {
        Proposal memory proposal = _proposal(target, call);
        uint256 id = _propose(proposal);
        _toVoting(id);
        _vote(id, alice, FOR);
        _vote(id, bob, FOR);
        _toEnd(id);
        _queue(proposal);
        vm.warp(governor.proposalEta(id));
        bytes memory execution = abi.encodeCall(
            governor.execute,
            (proposal.targets, proposal.values, proposal.calldatas, keccak256(bytes(proposal.description)))
        );
        (bool done,) = address(governor).call(execution);
        vm.assertFalse(done);
    }

    function test_refuses_to_leave_owners_less_than_half() public {
        _refuses(address(requests), abi.encodeCall(requests.setFees, (2501, 2500)));
    }

    function test_refuses_a_price_below_the_pools_lowest() public {
        _refuses(address(registry), abi.encodeCall(registry.setPrice, (1, 1e18 - 1)));
    }

    function test_refuses_a_window_shorter_than_that_of_the_deployment() public {
        _refuses(address(requests), abi.encodeCall(requests.setWindow, (WINDOW - 1)));
    }

    function test_refuses_to_mint_votes() public {
        _refuses(address(grain), abi.encodeWithSignature("mint(address,uint256)", dao, 1e18));
    }

    function test_refuses_to_move_somebodys_votes() public {
        _refuses(address(grain), abi.encodeCall(grain.transferFrom, (bob.account, dao, 1)));
    }

    function test_refuses_to_spend_an_escrow() public {
        bytes32 request = _openRequest(1);
        bytes32[] memory ids = new bytes32[](1);
        uint256[] memory amounts = new uint256[](1);
        (ids[0], amounts[0]) = (request, PRICE);
        bytes memory data = abi.encodeWithSelector(requests.spend.selector, [uint256(1), 1], ids, amounts, ids);
        _refuses(address(requests), data);
    }

    function test_refuses_to_void_a_settlement() public {
        _refuses(address(rewards), abi.encodeCall(rewards.voidFrom, (1)));
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function test_approves_and_suspends_trainers() public {
        _carry(address(trainers), abi.encodeCall(trainers.approve, (mallory.account, type(uint40).max, "profile")));
        vm.assertTrue(trainers.isApproved(mallory.account));
        _carry(address(trainers), abi.encodeCall(trainers.setSuspended, (mallory.account, true)));
        vm.assertFalse(trainers.isApproved(mallory.account));
        _carry(address(trainers), abi.encodeCall(trainers.revoke, (trent.account)));
        vm.assertFalse(trainers.isApproved(trent.account));
    }

    function test_creates_and_closes_pools_and_sets_prices() public {
        _carry(address(registry), abi.encodeCall(registry.createPool, ("new terms", 5, 7)));
        vm.assertEq(registry.pool(2).price, 7);
        _carry(address(registry), abi.encodeCall(registry.setPrice, (2, 9)));
        vm.assertEq(registry.pool(2).price, 9);
        _carry(address(registry), abi.encodeCall(registry.setClosed, (2, true)));
        vm.assertTrue(registry.pool(2).closed);
    }

    function test_changes_the_fee_split_and_the_window() public {
        _carry(address(requests), abi.encodeCall(requests.setFees, (300, 1200)));
        (uint16 treasuryBps, uint16 custodiansBps) = requests.fees();
        vm.assertEq(treasuryBps, 300);
        vm.assertEq(custodiansBps, 1200);
        _carry(address(requests), abi.encodeCall(requests.setWindow, (30 days)));
        vm.assertEq(requests.window(), 30 days);
    }

    function test_names_the_next_committee() public {
        Member[] memory members = _members();
        members[0].account = bob.account;
        _carry(address(committee), abi.encodeCall(committee.propose, (2, members)));
        vm.assertEq(committee.epochCount(), 2);
        vm.assertEq(committee.memberIndex(2, bob.account), 1);
        vm.assertEq(committee.currentEpoch(), 1);
    }

    function test_names_the_guardian() public {
        _carry(address(rewards), abi.encodeCall(rewards.setGuardian, (bob.account)));
        vm.assertEq(rewards.guardian(), bob.account);
    }

    function test_names_the_treasury() public {
        _carry(address(rewards), abi.encodeCall(rewards.setTreasury, (bob.account)));
        vm.assertEq(rewards.treasury(), bob.account);
    }

    /// @dev What the treasury earned and anybody claimed for it is the Timelock's, and a vote spends it.
    function test_spends_the_treasury() public {
        _earn(treasury, 10e18);
        vm.assertEq(token.balanceOf(dao), 10e18);
        _carry(address(token), abi.encodeCall(token.transfer, (bob.account, 4e18)));
        vm.assertEq(token.balanceOf(bob.account), 40e18 + 4e18);
        vm.assertEq(token.balanceOf(dao), 6e18);
    }

    function test_gives_and_takes_the_council() public {
        _carry(address(trainers), abi.encodeCall(trainers.setCouncil, (bob.account, true)));
        vm.assertTrue(trainers.isCouncil(bob.account));
        vm.prank(bob.account);
        trainers.setSuspended(trent.account, true);
        _carry(address(trainers), abi.encodeCall(trainers.setCouncil, (bob.account, false)));
        vm.assertFalse(trainers.isCouncil(bob.account));
    }

    function test_changes_its_own_rules() public {
        _carry(address(governor), abi.encodeCall(governor.setVotingDelay, (2 days)));
        vm.assertEq(governor.votingDelay(), 2 days);
        _carry(address(governor), abi.encodeCall(governor.setVotingPeriod, (3 days)));
        vm.assertEq(governor.votingPeriod(), 3 days);
        _carry(address(governor), abi.encodeCall(governor.setProposalThreshold, (2e18)));
        vm.assertEq(governor.proposalThreshold(), 2e18);
        _carry(address(governor), abi.encodeCall(governor.updateQuorumNumerator, (10)));
        vm.assertEq(governor.quorumNumerator(), 10);
        _carry(dao, abi.encodeCall(timelock.updateDelay, (5 days)));
        vm.assertEq(timelock.getMinDelay(), 5 days);
    }

    function test_does_several_things_at_once() public {
        Proposal memory proposal = _anyProposal();
        proposal.targets = new address[](2);
        (proposal.targets[0], proposal.targets[1]) = (address(requests), address(rewards));
        proposal.values = new uint256[](2);
        proposal.calldatas = new bytes[](2);
        proposal.calldatas[0] = abi.encodeCall(requests.setFees, (1, 2));
        proposal.calldatas[1] = abi.encodeCall(rewards.setGuardian, (bob.account));
        _carry(proposal);
        vm.assertEq(rewards.guardian(), bob.account);
        (uint16 treasuryBps,) = requests.fees();
        vm.assertEq(treasuryBps, 1);
    }
}
