// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICommonErrors} from "../src/interfaces/ICommonErrors.sol";
import {Dataset, IDatasetRegistry, Withdrawal} from "../src/interfaces/IDatasetRegistry.sol";
import {Base} from "./Base.t.sol";
import {Actor} from "./support/Signing.sol";

contract WithdrawTest is Base {
    function _send(Withdrawal memory item, Actor memory signer) internal {
        Withdrawal[] memory items = new Withdrawal[](1);
        bytes[] memory signatures = new bytes[](1);
        (items[0], signatures[0]) = (item, _sign(signer, _digest(registry, _hash(item))));
        registry.withdraw(items, signatures);
    }

    // ----------------------------------------------------------------------------------------------------- refusals

    function test_refuses_lists_of_different_length() public {
        vm.expectRevert(abi.encodeWithSelector(ICommonErrors.LengthMismatch.selector, 0, 1));
        registry.withdraw(new Withdrawal[](0), new bytes[](1));
    }

    function test_skips_the_signature_of_somebody_else() public {
        _contribute(_contribution());
        vm.expectEmit(address(registry));
        emit IDatasetRegistry.Skipped(0, ICommonErrors.SignatureInvalid.selector);
        _send(Withdrawal(alice.account, CONTENT), mallory);
        vm.assertEq(registry.dataset(_id()).flags, 2);
    }

    function test_skips_an_owner_of_zero() public {
        vm.expectEmit(address(registry));
        emit IDatasetRegistry.Skipped(0, ICommonErrors.SignatureInvalid.selector);
        _send(Withdrawal(address(0), CONTENT), mallory);
    }

    function test_a_repeated_one_of_somebody_else_is_still_skipped() public {
        _send(Withdrawal(alice.account, CONTENT), alice);
        vm.expectEmit(address(registry));
        emit IDatasetRegistry.Skipped(0, ICommonErrors.SignatureInvalid.selector);
        _send(Withdrawal(alice.account, CONTENT), mallory);
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function test_keeps_owner_and_raw_root_only() public {
        _contribute(_contribution());
        vm.expectEmit(address(registry));
        emit IDatasetRegistry.Withdrawn(_id(), alice.account, CONTENT);
        _send(Withdrawal(alice.account, CONTENT), alice);
        Dataset memory found = registry.dataset(_id());
        vm.assertEq(keccak256(abi.encode(found)), keccak256(abi.encode(alice.account, 0, 0, 0, uint8(6), 0)));
    }

    function test_before_registration_leaves_a_tombstone() public {
        _send(Withdrawal(alice.account, CONTENT), alice);
        vm.assertEq(registry.dataset(_id()).owner, alice.account);
        vm.assertEq(registry.dataset(_id()).flags, 4);
        _contribute(_contribution());
        vm.assertEq(registry.dataset(_id()).purposes, 0);
        vm.assertEq(registry.dataset(_id()).flags, 4);
    }

    function test_may_be_repeated_years_later_and_says_nothing_then() public {
        _contribute(_contribution());
        _send(Withdrawal(alice.account, CONTENT), alice);
        vm.warp(block.timestamp + 20 * 365 days);
        vm.recordLogs();
        _send(Withdrawal(alice.account, CONTENT), alice);
        vm.assertEq(vm.getRecordedLogs().length, 0);
        vm.assertEq(registry.dataset(_id()).flags, 6);
    }

    function test_twice_in_one_batch_is_said_once() public {
        _contribute(_contribution());
        Withdrawal[] memory items = new Withdrawal[](2);
        bytes[] memory signatures = new bytes[](2);
        items[0] = items[1] = Withdrawal(alice.account, CONTENT);
        signatures[0] = signatures[1] = _sign(alice, _digest(registry, _hash(items[0])));
        vm.recordLogs();
        registry.withdraw(items, signatures);
        vm.assertEq(vm.getRecordedLogs().length, 1);
        vm.assertEq(registry.dataset(_id()).flags, 6);
    }

    function test_works_in_a_closed_pool() public {
        _contribute(_contribution());
        vm.prank(dao);
        registry.setClosed(1, true);
        _send(Withdrawal(alice.account, CONTENT), alice);
        vm.assertEq(registry.dataset(_id()).flags, 6);
    }
}
