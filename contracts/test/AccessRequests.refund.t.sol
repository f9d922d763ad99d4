// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessRequest, IAccessRequests} from "../src/interfaces/IAccessRequests.sol";
import {Settlement} from "../src/interfaces/IRewardPool.sol";
import {Base} from "./Base.t.sol";

contract RefundTest is Base {
    bytes32 internal request;

    function setUp() public override {
        super.setUp();
        request = _openRequest(3);
    }

    // ----------------------------------------------------------------------------------------------------- refusals

    function test_refuses_an_unknown_request() public {
        vm.expectRevert(abi.encodeWithSelector(IAccessRequests.RequestUnknown.selector, bytes32("unknown")));
        requests.refund("unknown");
    }

    function test_refuses_while_it_may_still_be_settled() public {
        uint256 end = uint256(requests.request(request).expires) + WINDOW;
        bytes memory refusal = abi.encodeWithSelector(IAccessRequests.RequestNotRefundable.selector, request, end + 1);
        vm.expectRevert(refusal);
        requests.refund(request);
        vm.warp(end);
        vm.expectRevert(refusal);
        requests.refund(request);
    }

    function test_refuses_a_second_time() public {
        bytes32 other = _open(_requestWithSalt("2"));
        vm.warp(uint256(requests.request(request).expires) + WINDOW + 1);
        requests.refund(request);
        vm.expectRevert(abi.encodeWithSelector(IAccessRequests.RequestIsRefunded.selector, request));
        requests.refund(request);
        vm.assertEq(token.balanceOf(address(requests)), PRICE);
        vm.assertEq(requests.request(other).spent, 0);
    }

    function testFuzz_refuses_until_the_window_is_over(uint40 time) public {
        uint256 end = uint256(requests.request(request).expires) + WINDOW;
        vm.warp(block.timestamp + time % (end - block.timestamp + 1));
        vm.expectRevert(abi.encodeWithSelector(IAccessRequests.RequestNotRefundable.selector, request, end + 1));
        requests.refund(request);
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function testFuzz_pays_what_was_not_spent(uint256 spent, uint32 later) public {
        spent = spent % (3 * PRICE + 1);
        _settle(_settlement(request, spent, "root"));
        vm.warp(uint256(requests.request(request).expires) + WINDOW + 1 + later);
        requests.refund(request);
        vm.assertEq(token.balanceOf(trent.account), RICH - spent);
        vm.assertEq(token.balanceOf(address(requests)), 0);
    }

    function test_pays_the_trainer_whoever_asks() public {
        vm.warp(uint256(requests.request(request).expires) + WINDOW + 1);
        vm.expectEmit(address(requests));
        emit IAccessRequests.RequestRefunded(request, trent.account, 3 * PRICE);
        vm.prank(mallory.account);
        requests.refund(request);
        vm.assertEq(token.balanceOf(trent.account), RICH);
        vm.assertTrue(requests.request(request).refunded);
    }

    function test_pays_what_is_left_at_once_when_final() public {
        Settlement memory settlement = _settlement(request, PRICE, "root");
        settlement.finals = new bytes32[](1);
        settlement.finals[0] = request;
        _settle(settlement);
        requests.refund(request);
        vm.assertEq(token.balanceOf(trent.account), RICH - PRICE);
        vm.assertEq(token.balanceOf(address(requests)), 0);
        vm.assertEq(token.balanceOf(address(rewards)), PRICE);
    }

    function _requestWithSalt(bytes32 salt) private view returns (AccessRequest memory message) {
        message = _request(1);
        message.salt = salt;
    }
}
