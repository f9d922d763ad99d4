// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessRequests, Source} from "../src/interfaces/IAccessRequests.sol";
import {ICommonErrors} from "../src/interfaces/ICommonErrors.sol";
import {Settlement, Spending} from "../src/interfaces/IRewardPool.sol";
import {Base} from "./Base.t.sol";

contract SpendTest is Base {
    /// @dev The settlement for which the test speaks as the reward pool: it stands and is in effect.
    Source internal source = Source(1, 1);

    bytes32 internal request;

    function setUp() public override {
        super.setUp();
        request = _openRequest(3);
        Settlement memory settlement = _settlement(request, 0, 0);
        settlement.spending = new Spending[](0);
        _settle(settlement);
    }

    function _spend(bytes32 id, uint256 amount, bytes32[] memory finals) internal returns (uint256) {
        bytes32[] memory ids = new bytes32[](1);
        uint256[] memory amounts = new uint256[](1);
        (ids[0], amounts[0]) = (id, amount);
        vm.prank(address(rewards));
        return requests.spend(source, ids, amounts, finals);
    }

    function _finals(bytes32 id) internal pure returns (bytes32[] memory finals) {
        finals = new bytes32[](1);
        finals[0] = id;
    }

    function _finish() internal {
        vm.prank(address(rewards));
        requests.spend(source, new bytes32[](0), new uint256[](0), _finals(request));
    }

    // ----------------------------------------------------------------------------------------------------- refusals

    function test_refuses_everybody_but_the_reward_pool() public {
        address[4] memory senders = [dao, council, carol.account, mallory.account];
        for (uint256 i; i < senders.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IAccessRequests.NotRewardPool.selector, senders[i]));
            vm.prank(senders[i]);
            requests.spend(source, new bytes32[](0), new uint256[](0), new bytes32[](0));
        }
    }

    function test_refuses_lists_of_different_length() public {
        vm.expectRevert(abi.encodeWithSelector(ICommonErrors.LengthMismatch.selector, 1, 0));
        vm.prank(address(rewards));
        requests.spend(source, new bytes32[](1), new uint256[](0), new bytes32[](0));
    }

    function test_refuses_an_unknown_request() public {
        bytes memory refusal = abi.encodeWithSelector(IAccessRequests.RequestUnknown.selector, bytes32("unknown"));
        vm.expectRevert(refusal);
        _spend("unknown", 0, new bytes32[](0));
        vm.expectRevert(refusal);
        vm.prank(address(rewards));
        requests.spend(source, new bytes32[](0), new uint256[](0), _finals("unknown"));
    }

    function testFuzz_refuses_more_than_the_escrow_holds(uint256 first, uint256 second) public {
        first = first % (3 * PRICE + 1);
        vm.assume(second > 3 * PRICE - first);
        _spend(request, first, new bytes32[](0));
        vm.expectRevert(
            abi.encodeWithSelector(IAccessRequests.EscrowExceeded.selector, request, second, 3 * PRICE - first)
        );
        _spend(request, second, new bytes32[](0));
    }

    /// @dev Another request's escrow is there, and stays there.
    function test_refuses_more_in_two_parts() public {
        bytes32[] memory ids = new bytes32[](2);
        uint256[] memory amounts = new uint256[](2);
        (ids[0], ids[1]) = (request, request);
        (amounts[0], amounts[1]) = (2 * PRICE, 2 * PRICE);
        vm.expectRevert(abi.encodeWithSelector(IAccessRequests.EscrowExceeded.selector, request, 2 * PRICE, PRICE));
        vm.prank(address(rewards));
        requests.spend(source, ids, amounts, new bytes32[](0));
    }

    function test_refuses_a_final_request() public {
        _finish();
        vm.expectRevert(abi.encodeWithSelector(IAccessRequests.RequestIsFinal.selector, request));
        _spend(request, 1, new bytes32[](0));
    }

    function test_refuses_a_refunded_request() public {
        vm.warp(uint256(requests.request(request).expires) + WINDOW + 1);
        requests.refund(request);
        vm.expectRevert(abi.encodeWithSelector(IAccessRequests.RequestIsRefunded.selector, request));
        _spend(request, 1, new bytes32[](0));
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function test_pays_the_reward_pool_and_marks_what_is_final() public {
        vm.expectEmit(address(requests));
        emit IAccessRequests.RequestSpent(request, PRICE);
        vm.expectEmit(address(requests));
        emit IAccessRequests.RequestFinal(request, 1);
        vm.assertEq(_spend(request, PRICE, _finals(request)), PRICE);
        vm.assertEq(token.balanceOf(address(rewards)), PRICE);
        vm.assertEq(requests.request(request).spent, PRICE);
        vm.assertTrue(requests.request(request).isFinal);
    }

    function test_passes_over_what_is_final_already() public {
        _finish();
        vm.recordLogs();
        _finish();
        vm.assertEq(vm.getRecordedLogs().length, 1);
        vm.assertTrue(requests.request(request).isFinal);
    }

    function test_passes_over_what_was_refunded() public {
        vm.warp(uint256(requests.request(request).expires) + WINDOW + 1);
        requests.refund(request);
        _finish();
        vm.assertFalse(requests.request(request).isFinal);
        vm.assertEq(token.balanceOf(trent.account), RICH);
    }

    function test_spends_after_expiry_while_not_refunded() public {
        vm.warp(uint256(requests.request(request).expires) + WINDOW + 1);
        vm.assertEq(_spend(request, 3 * PRICE, new bytes32[](0)), 3 * PRICE);
        requests.refund(request);
        vm.assertEq(token.balanceOf(trent.account), RICH - 3 * PRICE);
    }
}
