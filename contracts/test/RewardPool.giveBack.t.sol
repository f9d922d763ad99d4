// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {TestToken} from "../src/TestToken.sol";
import {AccessRequest, IAccessRequests, Source} from "../src/interfaces/IAccessRequests.sol";
import {IRewardPool, Settlement, Spending} from "../src/interfaces/IRewardPool.sol";
import {Base} from "./Base.t.sol";
import {BlockingToken} from "./support/Tokens.sol";

contract GiveBackTest is Base {
    bytes32 internal request;
    bytes32 internal other;

    function setUp() public override {
        super.setUp();
        request = _openRequest(10);
        AccessRequest memory message = _request(5);
        message.salt = "other";
        other = _open(message);
    }

    function _claimDelay() internal pure override returns (uint40) {
        return 1 days;
    }

    function _deployToken() internal override returns (TestToken) {
        return new BlockingToken(dao);
    }

    /// @dev Takes a settlement of `first` uses of one request and `second` of the other, which marks both final if asked.
    function _settleBoth(uint256 first, uint256 second, bool finish) internal returns (Settlement memory settlement) {
        settlement = _settlement(request, (first + second) * PRICE, "root");
        settlement.document = keccak256(abi.encode("document", gasleft()));
        settlement.spending = new Spending[](2);
        settlement.spending[0] = Spending(request, first * PRICE);
        settlement.spending[1] = Spending(other, second * PRICE);
        if (finish) {
            settlement.finals = new bytes32[](2);
            (settlement.finals[0], settlement.finals[1]) = (request, other);
        }
        _settle(settlement);
    }

    function _refuses(Settlement memory settlement) internal {
        uint256 before = token.balanceOf(address(rewards));
        vm.expectRevert(abi.encodeWithSelector(IRewardPool.NothingToGiveBack.selector, _hash(settlement)));
        rewards.giveBack(settlement);
        vm.assertEq(token.balanceOf(address(rewards)), before);
    }

    function _pastTheWindow() internal {
        vm.warp(uint256(requests.request(request).expires) + WINDOW + 1);
    }

    // ----------------------------------------------------------------------------------------------------- refusals

    function test_refuses_what_was_never_taken() public {
        _refuses(_settlement(request, PRICE, "root"));
    }

    function test_refuses_what_stands() public {
        Settlement memory settlement = _settleBoth(1, 1, false);
        _refuses(settlement);
        vm.warp(block.timestamp + 2 days);
        _refuses(settlement);
    }

    function test_refuses_a_second_time() public {
        Settlement memory settlement = _settleBoth(2, 1, false);
        _settleBoth(1, 1, false);
        _voidFrom(1);
        rewards.giveBack(settlement);
        _refuses(settlement);
        vm.assertEq(requests.request(request).spent, PRICE);
    }

    function test_refuses_what_was_altered() public {
        Settlement memory settlement = _settleBoth(2, 1, false);
        _voidFrom(1);
        settlement.spending[0].amount += PRICE;
        settlement.spending[1].amount -= PRICE;
        _refuses(settlement);
    }

    /// @dev One that took over the number of a voided one stands; the voided one is still to be given back.
    function test_refuses_the_one_that_took_over_the_number() public {
        Settlement memory voided = _settleBoth(2, 1, false);
        _voidFrom(1);
        Settlement memory standing = _settleBoth(1, 1, false);
        _refuses(standing);
        rewards.giveBack(voided);
        _refuses(standing);
        vm.assertEq(requests.request(request).spent, PRICE);
        vm.assertEq(token.balanceOf(address(rewards)), 2 * PRICE);
    }

    function test_nobody_but_the_reward_pool_gives_back() public {
        address[3] memory senders = [dao, guardian, mallory.account];
        for (uint256 i; i < senders.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IAccessRequests.NotRewardPool.selector, senders[i]));
            vm.prank(senders[i]);
            requests.giveBack(Source(1, 1), new bytes32[](0), new uint256[](0), new bytes32[](0));
        }
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function test_returns_each_amount_to_its_request_whoever_asks() public {
        Settlement memory settlement = _settleBoth(3, 2, false);
        _voidFrom(1);
        vm.expectEmit(address(rewards));
        emit IRewardPool.SettlementReturned(1, 1, 5 * PRICE);
        vm.expectEmit(address(requests));
        emit IAccessRequests.RequestReturned(request, 3 * PRICE);
        vm.expectEmit(address(requests));
        emit IAccessRequests.RequestReturned(other, 2 * PRICE);
        vm.prank(mallory.account);
        rewards.giveBack(settlement);
        vm.assertEq(requests.request(request).spent, 0);
        vm.assertEq(requests.request(other).spent, 0);
        vm.assertEq(token.balanceOf(address(rewards)), 0);
        vm.assertEq(token.balanceOf(address(requests)), 15 * PRICE);
        vm.assertEq(token.balanceOf(mallory.account), 0);
    }

    function testFuzz_returns_to_the_unit_what_was_spent(uint128 first, uint128 second) public {
        (uint256 one, uint256 two) = (first % (10 * PRICE + 1), second % (5 * PRICE + 1));
        Settlement memory settlement = _settlement(request, one + two, "root");
        settlement.spending = new Spending[](2);
        (settlement.spending[0], settlement.spending[1]) = (Spending(request, one), Spending(other, two));
        _settle(settlement);
        _voidFrom(1);
        rewards.giveBack(settlement);
        vm.assertEq(requests.request(request).spent + requests.request(other).spent, 0);
        vm.assertEq(token.balanceOf(address(requests)), 15 * PRICE);
    }

    function test_what_was_given_back_can_be_settled_again() public {
        Settlement memory settlement = _settleBoth(10, 5, true);
        _voidFrom(1);
        rewards.giveBack(settlement);
        _settleBoth(10, 5, true);
        vm.assertEq(requests.request(request).spent, 10 * PRICE);
        vm.assertEq(rewards.total(), 15 * PRICE);
    }

    function test_gives_back_several_in_any_order() public {
        Settlement memory first = _settleBoth(1, 1, false);
        Settlement memory second = _settleBoth(2, 1, false);
        Settlement memory third = _settleBoth(3, 1, false);
        _voidFrom(2);
        rewards.giveBack(third);
        rewards.giveBack(second);
        _refuses(first);
        vm.assertEq(requests.request(request).spent, PRICE);
        vm.assertEq(token.balanceOf(address(rewards)), rewards.total());
    }

    function test_says_which_requests_are_open_again() public {
        Settlement memory settlement = _settleBoth(1, 1, true);
        _voidFrom(1);
        vm.expectEmit(address(requests));
        emit IAccessRequests.RequestReopened(request, 1);
        vm.expectEmit(address(requests));
        emit IAccessRequests.RequestReopened(other, 1);
        rewards.giveBack(settlement);
        vm.assertFalse(requests.request(request).isFinal);
    }

    /// @dev What a later settlement marked final stays so, though the voided one had said it first.
    function test_leaves_final_what_another_settlement_marked_since() public {
        Settlement memory settlement = _settleBoth(1, 1, true);
        _voidFrom(1);
        _settle(_final(request));
        rewards.giveBack(settlement);
        vm.assertTrue(requests.request(request).isFinal);
        vm.assertFalse(requests.request(other).isFinal);
    }

    function test_pays_the_trainer_when_the_request_was_refunded_meanwhile() public {
        Settlement memory settlement = _settleBoth(4, 0, false);
        _voidFrom(1);
        _pastTheWindow();
        requests.refund(request);
        vm.assertEq(token.balanceOf(trent.account), RICH - 15 * PRICE + 6 * PRICE);
        vm.prank(mallory.account);
        rewards.giveBack(settlement);
        vm.assertEq(token.balanceOf(trent.account), RICH - 5 * PRICE);
        vm.assertEq(token.balanceOf(address(requests)), 5 * PRICE);
        vm.assertEq(requests.request(request).spent, 0);
    }

    /// @dev A trainer whom the token refuses to pay holds up nobody else's money, and gets theirs once it pays.
    function test_a_trainer_who_cannot_be_paid_holds_up_nobody_else() public {
        Settlement memory settlement = _settleBoth(4, 3, false);
        _voidFrom(1);
        _pastTheWindow();
        requests.refund(request);
        BlockingToken(address(token)).setBlocked(trent.account, true);
        rewards.giveBack(settlement);
        vm.assertEq(requests.request(other).spent, 0);
        vm.assertEq(token.balanceOf(address(rewards)), 0);
        vm.assertEq(token.balanceOf(address(requests)), 9 * PRICE);
        vm.expectRevert(abi.encodeWithSelector(BlockingToken.Blocked.selector, trent.account));
        requests.refund(request);

        BlockingToken(address(token)).setBlocked(trent.account, false);
        vm.prank(mallory.account);
        requests.refund(request);
        vm.assertEq(token.balanceOf(trent.account), RICH - 5 * PRICE);
        vm.assertEq(token.balanceOf(address(requests)), 5 * PRICE);
        vm.expectRevert(abi.encodeWithSelector(IAccessRequests.RequestIsRefunded.selector, request));
        requests.refund(request);
    }
}
