// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Approval, IAccessRequests} from "../src/interfaces/IAccessRequests.sol";
import {ICommonErrors} from "../src/interfaces/ICommonErrors.sol";
import {Settlement, Spending} from "../src/interfaces/IRewardPool.sol";
import {Withdrawal} from "../src/interfaces/IDatasetRegistry.sol";
import {Base} from "./Base.t.sol";
import {Actor} from "./support/Signing.sol";

contract ApproveTest is Base {
    bytes32 internal request;

    function setUp() public override {
        super.setUp();
        _contribute(_contribution());
        request = _openRequest(1);
    }

    function _approval(bool granted) internal view returns (Approval memory) {
        return Approval(request, _id(), granted, block.timestamp + 30 days);
    }

    function _send(Approval memory item, Actor memory signer) internal {
        Approval[] memory items = new Approval[](1);
        bytes[] memory signatures = new bytes[](1);
        (items[0], signatures[0]) = (item, _sign(signer, _digest(requests, _hash(item))));
        requests.approve(items, signatures);
    }

    function _skips(Approval memory item, Actor memory signer, bytes4 reason) internal {
        uint8 before = requests.approval(item.request, item.dataset);
        vm.expectEmit(address(requests));
        emit IAccessRequests.Skipped(0, reason);
        _send(item, signer);
        vm.assertEq(requests.approval(item.request, item.dataset), before);
    }

    // ----------------------------------------------------------------------------------------------------- refusals

    function test_refuses_lists_of_different_length() public {
        vm.expectRevert(abi.encodeWithSelector(ICommonErrors.LengthMismatch.selector, 1, 0));
        requests.approve(new Approval[](1), new bytes[](0));
    }

    function test_skips_after_the_deadline() public {
        Approval memory item = _approval(true);
        item.deadline = block.timestamp - 1;
        _skips(item, alice, ICommonErrors.MessageExpired.selector);
    }

    function test_skips_an_unknown_request() public {
        Approval memory item = _approval(true);
        item.request = "unknown";
        _skips(item, alice, IAccessRequests.RequestUnknown.selector);
    }

    function test_skips_an_unknown_dataset() public {
        Approval memory item = _approval(true);
        item.dataset = "unknown";
        _skips(item, alice, ICommonErrors.DatasetUnknown.selector);
    }

    function test_skips_a_withdrawn_dataset() public {
        Withdrawal[] memory items = new Withdrawal[](1);
        bytes[] memory signatures = new bytes[](1);
        items[0] = Withdrawal(alice.account, CONTENT);
        signatures[0] = _sign(alice, _digest(registry, _hash(items[0])));
        registry.withdraw(items, signatures);
        _skips(_approval(true), alice, ICommonErrors.DatasetWithdrawn.selector);
    }

    function test_skips_a_request_that_is_over() public {
        vm.warp(requests.request(request).expires + 1);
        _skips(_approval(true), alice, IAccessRequests.RequestExpired.selector);
    }

    function test_skips_a_final_request_and_a_refunded_one() public {
        Settlement memory settlement = _settlement(request, 0, "root");
        settlement.spending = new Spending[](0);
        settlement.finals = new bytes32[](1);
        settlement.finals[0] = request;
        _settle(settlement);
        _skips(_approval(true), alice, IAccessRequests.RequestIsFinal.selector);
        requests.refund(request);
        _skips(_approval(true), alice, IAccessRequests.RequestIsRefunded.selector);
    }

    function test_skips_the_signature_of_somebody_else() public {
        _skips(_approval(true), mallory, ICommonErrors.SignatureInvalid.selector);
        _skips(_approval(true), trent, ICommonErrors.SignatureInvalid.selector);
    }

    function test_a_no_is_final() public {
        _send(_approval(false), alice);
        vm.assertEq(requests.approval(request, _id()), 2);
        _skips(_approval(true), alice, IAccessRequests.ApprovalFinal.selector);
        _skips(_approval(false), alice, IAccessRequests.ApprovalFinal.selector);
    }

    function test_a_repeated_yes_of_somebody_else_is_still_skipped() public {
        _send(_approval(true), alice);
        _skips(_approval(true), mallory, ICommonErrors.SignatureInvalid.selector);
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function test_records_a_yes_and_a_later_no() public {
        vm.assertEq(requests.approval(request, _id()), 0);
        vm.expectEmit(address(requests));
        emit IAccessRequests.ApprovalGiven(request, _id(), true);
        _send(_approval(true), alice);
        vm.assertEq(requests.approval(request, _id()), 1);
        vm.expectEmit(address(requests));
        emit IAccessRequests.ApprovalGiven(request, _id(), false);
        _send(_approval(false), alice);
        vm.assertEq(requests.approval(request, _id()), 2);
    }

    /// @dev The very same message, and another one that says the same.
    function test_a_repeated_yes_changes_nothing_and_says_nothing() public {
        Approval memory item = _approval(true);
        _send(item, alice);
        vm.recordLogs();
        _send(item, alice);
        ++item.deadline;
        _send(item, alice);
        vm.assertEq(vm.getRecordedLogs().length, 0);
        vm.assertEq(requests.approval(request, _id()), 1);
    }

    function test_a_yes_twice_in_one_batch_is_said_once() public {
        Approval[] memory items = new Approval[](2);
        bytes[] memory signatures = new bytes[](2);
        items[0] = items[1] = _approval(true);
        signatures[0] = signatures[1] = _sign(alice, _digest(requests, _hash(items[0])));
        vm.recordLogs();
        requests.approve(items, signatures);
        vm.assertEq(vm.getRecordedLogs().length, 1);
        vm.assertEq(requests.approval(request, _id()), 1);
    }

    /// @dev Up to the second: its deadline and the request's last.
    function test_takes_it_at_the_last_second() public {
        Approval memory item = _approval(true);
        item.deadline = requests.request(request).expires;
        vm.warp(item.deadline);
        _send(item, alice);
        vm.assertEq(requests.approval(request, _id()), 1);
    }

    function test_does_the_rest_of_a_batch() public {
        Approval[] memory items = new Approval[](3);
        bytes[] memory signatures = new bytes[](3);
        (items[0], items[1], items[2]) = (_approval(true), _approval(true), _approval(false));
        items[0].request = "unknown";
        for (uint256 i; i < 3; ++i) {
            signatures[i] = _sign(i == 1 ? mallory : alice, _digest(requests, _hash(items[i])));
        }
        vm.expectEmit(address(requests));
        emit IAccessRequests.Skipped(0, IAccessRequests.RequestUnknown.selector);
        vm.expectEmit(address(requests));
        emit IAccessRequests.Skipped(1, ICommonErrors.SignatureInvalid.selector);
        vm.expectEmit(address(requests));
        emit IAccessRequests.ApprovalGiven(request, _id(), false);
        requests.approve(items, signatures);
    }
}
