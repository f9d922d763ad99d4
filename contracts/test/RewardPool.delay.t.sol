// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessRequests} from "../src/interfaces/IAccessRequests.sol";
import {IRewardPool, Settlement} from "../src/interfaces/IRewardPool.sol";
import {Base} from "./Base.t.sol";

/// @notice The money can't be stuck or stolen, with a delay of a day: what is pending pays nobody, what is in effect pays
/// whom it names.
contract DelayTest is Base {
    bytes32 internal request;

    function setUp() public override {
        super.setUp();
        request = _openRequest(10);
    }

    function _claimDelay() internal pure override returns (uint40) {
        return 1 days;
    }

    function _settleFor(uint256 earned) internal {
        _settle(_settlement(request, earned - rewards.total(), _leaf(alice.account, earned)));
    }

    function _claim(uint256 earned) internal returns (uint256) {
        return rewards.claim(alice.account, earned, new bytes32[](0));
    }

    function _refusesToClaim(uint256 earned) internal {
        vm.expectRevert(abi.encodeWithSelector(IRewardPool.ProofInvalid.selector, alice.account, earned));
        _claim(earned);
    }

    // ----------------------------------------------------------------------------------------------------- refusals

    function test_refuses_to_pay_on_a_root_the_second_before_its_delay_is_over() public {
        _settleFor(PRICE);
        _refusesToClaim(PRICE);
        vm.warp(rewards.settled(1).effectiveFrom - 1);
        _refusesToClaim(PRICE);
        vm.assertEq(token.balanceOf(alice.account), 0);
    }

    /// @dev While the next root is pending, the last one in effect is the one that counts.
    function test_refuses_to_pay_on_the_next_root_while_the_last_one_counts() public {
        _settleFor(PRICE);
        vm.warp(block.timestamp + 1 days);
        _settleFor(3 * PRICE);
        _refusesToClaim(3 * PRICE);
        vm.assertEq(_claim(PRICE), PRICE);
    }

    /// @dev What is settled, but pending, cannot be paid out by a tree in effect that promises too much.
    function test_refuses_to_pay_from_what_is_pending() public {
        _settle(_settlement(request, PRICE, _leaf(alice.account, 2 * PRICE)));
        vm.warp(block.timestamp + 1 days);
        _settle(_settlement(request, 3 * PRICE, "root"));
        vm.expectRevert(abi.encodeWithSelector(IRewardPool.SettledExceeded.selector, 2 * PRICE, PRICE));
        _claim(2 * PRICE);
    }

    function test_refuses_a_refund_by_a_final_that_is_pending() public {
        _settle(_final(request));
        uint256 from = rewards.settled(1).effectiveFrom;
        bytes memory refusal = abi.encodeWithSelector(IAccessRequests.RequestNotRefundable.selector, request, from);
        vm.expectRevert(refusal);
        requests.refund(request);
        vm.warp(from - 1);
        vm.expectRevert(refusal);
        requests.refund(request);
    }

    function test_refuses_to_spend_from_a_request_whose_final_is_pending() public {
        _settle(_final(request));
        Settlement memory settlement = _settlement(request, PRICE, "root");
        bytes[] memory signatures = _signBy(carol, cid, settlement);
        vm.expectRevert(abi.encodeWithSelector(IAccessRequests.RequestIsFinal.selector, request));
        rewards.settle(settlement, signatures);
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function test_pays_from_the_second_at_which_the_delay_is_over() public {
        _settleFor(PRICE);
        vm.warp(rewards.settled(1).effectiveFrom);
        vm.assertEq(_claim(PRICE), PRICE);
        vm.assertEq(token.balanceOf(alice.account), PRICE);
    }

    function test_refunds_from_the_second_at_which_a_final_is_in_effect() public {
        Settlement memory settlement = _settlement(request, PRICE, "root");
        settlement.finals = new bytes32[](1);
        settlement.finals[0] = request;
        _settle(settlement);
        vm.warp(rewards.settled(1).effectiveFrom);
        vm.prank(mallory.account);
        requests.refund(request);
        vm.assertEq(token.balanceOf(trent.account), RICH - PRICE);
        vm.assertEq(token.balanceOf(mallory.account), 0);
    }

    /// @dev The window's end gives the rest back even while a final is pending; what is settled stays settled.
    function test_refunds_at_the_end_of_the_window_though_a_final_is_pending() public {
        uint256 end = uint256(requests.request(request).expires) + WINDOW;
        vm.warp(end - 1 hours);
        Settlement memory settlement = _settlement(request, PRICE, _leaf(alice.account, PRICE));
        settlement.finals = new bytes32[](1);
        settlement.finals[0] = request;
        _settle(settlement);
        vm.expectRevert(abi.encodeWithSelector(IAccessRequests.RequestNotRefundable.selector, request, end + 1));
        requests.refund(request);
        vm.warp(end + 1);
        requests.refund(request);
        vm.assertEq(token.balanceOf(trent.account), RICH - PRICE);
        vm.warp(block.timestamp + 1 days);
        vm.assertEq(_claim(PRICE), PRICE);
    }

    function test_pending_settlements_take_effect_one_by_one() public {
        for (uint256 i = 1; i <= 3; ++i) {
            _settleFor(i * PRICE);
            vm.warp(block.timestamp + 6 hours);
        }
        for (uint64 i = 1; i <= 3; ++i) {
            vm.warp(rewards.settled(i).effectiveFrom);
            vm.assertEq(_claim(i * PRICE), PRICE);
        }
        vm.assertEq(token.balanceOf(alice.account), 3 * PRICE);
    }

    function testFuzz_pays_exactly_from_the_end_of_the_delay_on(uint40 later) public {
        _settleFor(PRICE);
        vm.warp(block.timestamp + later % 3 days);
        if (later % 3 days < 1 days) _refusesToClaim(PRICE);
        else vm.assertEq(_claim(PRICE), PRICE);
    }
}
