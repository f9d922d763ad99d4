// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {Join} from "../src/interfaces/IGrainToken.sol";
import {Dao} from "./support/Dao.sol";
import {Actor} from "./support/Signing.sol";
import {BurningWallet, HonestWallet} from "./support/Wallets.sol";

contract VoteTest is Dao {
    uint256 internal id;
    Actor internal carl;

    function setUp() public override {
        super.setUp();
        carl = _actor("Carl");
        id = _propose(_anyProposal());
        _toVoting(id);
    }

    function _counted() internal view returns (uint256 against, uint256 inFavour, uint256 abstained) {
        return governor.proposalVotes(id);
    }

    function _refusesState(IGovernor.ProposalState found) internal {
        bytes memory signature = _sign(alice, _digest(governor, _hashBallot(id, FOR, alice.account)));
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorUnexpectedProposalState.selector,
                id,
                found,
                bytes32(1 << uint256(IGovernor.ProposalState.Active))
            )
        );
        governor.castVoteBySig(id, FOR, alice.account, signature);
    }

    // ----------------------------------------------------------------------------------------------------- refusals

    function test_refuses_the_signature_of_somebody_else() public {
        bytes memory signature = _sign(mallory, _digest(governor, _hashBallot(id, FOR, alice.account)));
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorInvalidSignature.selector, alice.account));
        governor.castVoteBySig(id, FOR, alice.account, signature);
    }

    function testFuzz_refuses_another_choice_than_the_one_signed(uint8 support) public {
        vm.assume(support != FOR);
        bytes memory signature = _sign(alice, _digest(governor, _hashBallot(id, FOR, alice.account)));
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorInvalidSignature.selector, alice.account));
        governor.castVoteBySig(id, support, alice.account, signature);
    }

    function testFuzz_refuses_a_vote_signed_for_another_proposal(uint256 other) public {
        vm.assume(other != id);
        bytes memory signature = _sign(alice, _digest(governor, _hashBallot(other, FOR, alice.account)));
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorInvalidSignature.selector, alice.account));
        governor.castVoteBySig(id, FOR, alice.account, signature);
    }

    function test_refuses_a_reason_that_was_not_signed() public {
        bytes32 hash = _hashBallot(id, FOR, alice.account, "because", "");
        bytes memory signature = _sign(alice, _digest(governor, hash));
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorInvalidSignature.selector, alice.account));
        governor.castVoteWithReasonAndParamsBySig(id, FOR, alice.account, "for no reason", "", signature);
    }

    function testFuzz_refuses_a_choice_that_there_is_not(uint8 support) public {
        vm.assume(support > ABSTAIN);
        bytes memory signature = _sign(alice, _digest(governor, _hashBallot(id, support, alice.account)));
        vm.expectRevert(IGovernor.GovernorInvalidVoteType.selector);
        governor.castVoteBySig(id, support, alice.account, signature);
    }

    /// @dev The nonce is always 0, and a replay finds the vote counted.
    function test_refuses_a_replay_and_a_second_thought() public {
        _vote(id, alice, FOR);
        bytes memory refusal = abi.encodeWithSelector(IGovernor.GovernorAlreadyCastVote.selector, alice.account);
        for (uint8 support; support < 3; ++support) {
            bytes memory signature = _sign(alice, _digest(governor, _hashBallot(id, support, alice.account)));
            vm.expectRevert(refusal);
            governor.castVoteBySig(id, support, alice.account, signature);
        }
        (, uint256 inFavour,) = _counted();
        vm.assertEq(inFavour, 60e18);
    }

    function test_refuses_before_the_vote_begins_and_after_it_ended() public {
        vm.warp(governor.proposalSnapshot(id));
        _refusesState(IGovernor.ProposalState.Pending);
        _toEnd(id);
        _refusesState(IGovernor.ProposalState.Defeated);
    }

    /// @dev Who joins after the vote has begun votes with nothing.
    function test_refuses_weight_to_votes_minted_after_the_snapshot() public {
        _earn(carl.account, 500e18);
        _joinFor(carl);
        vm.warp(block.timestamp + 1);
        _vote(id, carl, FOR);
        (, uint256 inFavour,) = _counted();
        vm.assertEq(inFavour, 0);
    }

    function test_refuses_a_wallet_that_burns_all_gas() public {
        address burner = address(new BurningWallet());
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorInvalidSignature.selector, burner));
        governor.castVoteBySig(id, FOR, burner, new bytes(65));
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function test_counts_the_vote_of_a_key_whoever_sends_it() public {
        vm.expectEmit(address(governor));
        emit IGovernor.VoteCast(alice.account, id, FOR, 60e18, "");
        bytes memory signature = _sign(alice, _digest(governor, _hashBallot(id, FOR, alice.account)));
        vm.prank(mallory.account);
        governor.castVoteBySig(id, FOR, alice.account, signature);
        _vote(id, bob, AGAINST);
        (uint256 against, uint256 inFavour, uint256 abstained) = _counted();
        vm.assertEq(against, 40e18);
        vm.assertEq(inFavour, 60e18);
        vm.assertEq(abstained, 0);
        vm.assertTrue(governor.hasVoted(id, alice.account));
        vm.assertFalse(governor.hasVoted(id, mallory.account));
    }

    function test_counts_a_vote_with_a_reason() public {
        bytes memory signature = _sign(bob, _digest(governor, _hashBallot(id, ABSTAIN, bob.account, "no view", "")));
        vm.expectEmit(address(governor));
        emit IGovernor.VoteCast(bob.account, id, ABSTAIN, 40e18, "no view");
        governor.castVoteWithReasonAndParamsBySig(id, ABSTAIN, bob.account, "no view", "", signature);
    }

    function test_counts_the_vote_of_an_account_that_sends_it_itself() public {
        vm.prank(bob.account);
        governor.castVote(id, AGAINST);
        (uint256 against,,) = _counted();
        vm.assertEq(against, 40e18);
    }

    /// @dev Its code belongs to a wallet that would say no; the key counts.
    function test_counts_the_vote_of_an_account_with_delegated_code() public {
        vm.setEvmVersion("prague");
        vm.signAndAttachDelegation(address(new HonestWallet(mallory.account)), alice.key);
        vm.prank(mallory.account);
        (bool sent,) = alice.account.call("");
        sent;
        vm.assertTrue(alice.account.code.length == 23);
        _vote(id, alice, FOR);
        (, uint256 inFavour,) = _counted();
        vm.assertEq(inFavour, 60e18);
    }

    function test_counts_the_vote_of_a_contract_account() public {
        address wallet = address(new HonestWallet(carl.account));
        _earn(wallet, 30e18);
        Join memory message = Join(wallet, block.timestamp);
        grain.joinFor(message, _sign(carl, _digest(grain, _hash(message))));
        vm.warp(block.timestamp + 1);
        id = _propose(_proposal(address(requests), abi.encodeCall(requests.setFees, (1, 1))));
        _toVoting(id);
        bytes memory signature = _sign(carl, _digest(governor, _hashBallot(id, FOR, wallet)));
        governor.castVoteBySig(id, FOR, wallet, signature);
        (, uint256 inFavour,) = _counted();
        vm.assertEq(inFavour, 30e18);
    }

    function test_counts_votes_that_were_delegated() public {
        vm.prank(bob.account);
        grain.delegate(alice.account);
        vm.warp(block.timestamp + 1);
        id = _propose(_proposal(address(requests), abi.encodeCall(requests.setFees, (1, 1))));
        _toVoting(id);
        _vote(id, alice, FOR);
        (, uint256 inFavour,) = _counted();
        vm.assertEq(inFavour, 100e18);
    }
}
