// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {GrainToken} from "../src/GrainToken.sol";
import {ICommonErrors} from "../src/interfaces/ICommonErrors.sol";
import {IGrainToken, Join} from "../src/interfaces/IGrainToken.sol";
import {IRewardPool} from "../src/interfaces/IRewardPool.sol";
import {Dao} from "./support/Dao.sol";
import {Actor} from "./support/Signing.sol";
import {HonestWallet} from "./support/Wallets.sol";

contract JoinTest is Dao {
    Actor internal carl;

    function setUp() public override {
        super.setUp();
        carl = _actor("Carl");
        _earn(carl.account, 10e18);
    }

    /// @dev A call around the deployment: forge does not notice a deployment that should have failed and did not.
    function make(IRewardPool rewards_) external returns (GrainToken) {
        return new GrainToken(rewards_);
    }

    function _message() internal view returns (Join memory) {
        return Join(carl.account, block.timestamp + 1 hours);
    }

    function _refuses(Join memory message, bytes memory signature, bytes memory refusal) internal {
        vm.expectRevert(refusal);
        grain.joinFor(message, signature);
        vm.assertEq(grain.balanceOf(carl.account), 0);
        vm.assertEq(grain.totalSupply(), 100e18);
    }

    // ----------------------------------------------------------------------------------------------------- refusals

    function test_refuses_who_has_claimed_nothing() public {
        vm.expectRevert(abi.encodeWithSelector(IGrainToken.NothingToMint.selector, mallory.account));
        vm.prank(mallory.account);
        grain.join();
        vm.assertEq(grain.delegates(mallory.account), address(0));
    }

    function test_refuses_a_second_time_without_another_claim() public {
        bytes memory refusal = abi.encodeWithSelector(IGrainToken.NothingToMint.selector, alice.account);
        vm.expectRevert(refusal);
        vm.prank(alice.account);
        grain.join();
        Join memory message = Join(alice.account, block.timestamp);
        bytes memory signature = _sign(alice, _digest(grain, _hash(message)));
        vm.expectRevert(refusal);
        grain.joinFor(message, signature);
    }

    function test_refuses_after_the_deadline() public {
        Join memory message = _message();
        bytes memory signature = _sign(carl, _digest(grain, _hash(message)));
        vm.warp(message.deadline + 1);
        _refuses(message, signature, abi.encodeWithSelector(ICommonErrors.MessageExpired.selector, message.deadline));
    }

    function test_refuses_the_signature_of_somebody_else() public {
        Join memory message = _message();
        bytes memory refusal = abi.encodeWithSelector(ICommonErrors.SignatureInvalid.selector, carl.account);
        _refuses(message, _sign(mallory, _digest(grain, _hash(message))), refusal);
        _refuses(message, _sign(carl, _digest(rewards, _hash(message))), refusal);
        bytes memory signature = _sign(carl, _digest(grain, _hash(message)));
        vm.chainId(block.chainid + 1);
        _refuses(message, signature, refusal);
    }

    function testFuzz_refuses_another_deadline_than_the_one_signed(uint256 deadline) public {
        Join memory message = _message();
        bytes memory signature = _sign(carl, _digest(grain, _hash(message)));
        vm.assume(deadline != message.deadline && deadline >= block.timestamp);
        message.deadline = deadline;
        _refuses(message, signature, abi.encodeWithSelector(ICommonErrors.SignatureInvalid.selector, carl.account));
    }

    function test_refuses_to_be_made_without_a_reward_pool() public {
        vm.expectRevert(ICommonErrors.AddressZero.selector);
        this.make(IRewardPool(address(0)));
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function test_mints_what_was_claimed_and_delegates_to_itself() public {
        vm.assertEq(grain.mintable(carl.account), 10e18);
        vm.prank(carl.account);
        vm.assertEq(grain.join(), 10e18 * grain.GRAIN_PER_CLAIMED());
        vm.assertEq(grain.balanceOf(carl.account), 10e18);
        vm.assertEq(grain.delegates(carl.account), carl.account);
        vm.assertEq(grain.getVotes(carl.account), 10e18);
        vm.assertEq(grain.mintable(carl.account), 0);
    }

    function test_mints_for_who_signed_whoever_sends_it() public {
        Join memory message = _message();
        bytes memory signature = _sign(carl, _digest(grain, _hash(message)));
        vm.warp(message.deadline);
        vm.prank(mallory.account);
        vm.assertEq(grain.joinFor(message, signature), 10e18);
        vm.assertEq(grain.balanceOf(carl.account), 10e18);
        vm.assertEq(grain.balanceOf(mallory.account), 0);
    }

    function test_mints_for_a_contract_account() public {
        address wallet = address(new HonestWallet(carl.account));
        _earn(wallet, 3e18);
        Join memory message = Join(wallet, block.timestamp);
        grain.joinFor(message, _sign(carl, _digest(grain, _hash(message))));
        vm.assertEq(grain.getVotes(wallet), 3e18);
    }

    function test_mints_the_difference_after_further_claims() public {
        _joinFor(carl);
        _earn(carl.account, 5e18);
        vm.assertEq(grain.mintable(carl.account), 5e18);
        _joinFor(carl);
        vm.assertEq(grain.balanceOf(carl.account), 15e18);
        vm.assertEq(grain.getVotes(carl.account), 15e18);
    }

    /// @dev Nothing but a claim counts: neither what is settled, nor money that was sent.
    function test_mints_nothing_for_money_that_was_sent() public {
        vm.prank(trent.account);
        token.transfer(mallory.account, 1000e18);
        vm.assertEq(grain.mintable(mallory.account), 0);
    }

    function testFuzz_mints_what_was_claimed_to_the_unit(uint96 amount) public {
        uint256 earned = 1 + amount % 1000e18;
        _earn(bob.account, earned);
        _joinFor(bob);
        vm.assertEq(grain.balanceOf(bob.account), 40e18 + earned);
        vm.assertEq(grain.balanceOf(bob.account), rewards.claimed(bob.account) * grain.GRAIN_PER_CLAIMED());
    }

    /// @dev Whom somebody has named as a delegate stays their delegate.
    function test_keeps_a_delegate_that_was_chosen() public {
        vm.prank(carl.account);
        grain.delegate(bob.account);
        _joinFor(carl);
        vm.assertEq(grain.delegates(carl.account), bob.account);
        vm.assertEq(grain.getVotes(bob.account), 50e18);
        vm.assertEq(grain.getVotes(carl.account), 0);
    }
}
