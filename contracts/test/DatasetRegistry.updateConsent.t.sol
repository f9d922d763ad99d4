// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICommonErrors} from "../src/interfaces/ICommonErrors.sol";
import {ConsentUpdate, Dataset, IDatasetRegistry, Withdrawal} from "../src/interfaces/IDatasetRegistry.sol";
import {Base} from "./Base.t.sol";
import {Actor} from "./support/Signing.sol";

contract UpdateConsentTest is Base {
    function setUp() public override {
        super.setUp();
        _contribute(_contribution());
        vm.warp(block.timestamp + 10);
    }

    function _update() internal view returns (ConsentUpdate memory) {
        return ConsentUpdate({
            dataset: _id(),
            purposes: 1,
            expires: uint40(block.timestamp + 30 days),
            ask: true,
            issued: uint40(block.timestamp),
            deadline: block.timestamp + 1 hours
        });
    }

    function _send(ConsentUpdate memory item, bytes memory signature) internal {
        ConsentUpdate[] memory items = new ConsentUpdate[](1);
        bytes[] memory signatures = new bytes[](1);
        (items[0], signatures[0]) = (item, signature);
        registry.updateConsent(items, signatures);
    }

    function _send(ConsentUpdate memory item) internal {
        _send(item, _sign(alice, _digest(registry, _hash(item))));
    }

    function _skips(ConsentUpdate memory item, Actor memory signer, bytes4 reason) internal {
        bytes memory signature = _sign(signer, _digest(registry, _hash(item)));
        bytes32 before = keccak256(abi.encode(registry.dataset(item.dataset)));
        vm.expectEmit(address(registry));
        emit IDatasetRegistry.Skipped(0, reason);
        _send(item, signature);
        vm.assertEq(keccak256(abi.encode(registry.dataset(item.dataset))), before);
    }

    // ----------------------------------------------------------------------------------------------------- refusals

    function test_refuses_lists_of_different_length() public {
        vm.expectRevert(abi.encodeWithSelector(ICommonErrors.LengthMismatch.selector, 1, 0));
        registry.updateConsent(new ConsentUpdate[](1), new bytes[](0));
    }

    function test_skips_after_the_deadline() public {
        ConsentUpdate memory item = _update();
        vm.warp(item.deadline + 1);
        _skips(item, alice, ICommonErrors.MessageExpired.selector);
    }

    function test_skips_an_unknown_dataset() public {
        ConsentUpdate memory item = _update();
        item.dataset = keccak256("unknown");
        _skips(item, alice, ICommonErrors.DatasetUnknown.selector);
    }

    function test_skips_a_withdrawn_dataset() public {
        Withdrawal[] memory items = new Withdrawal[](1);
        bytes[] memory signatures = new bytes[](1);
        items[0] = Withdrawal(alice.account, CONTENT);
        signatures[0] = _sign(alice, _digest(registry, _hash(items[0])));
        registry.withdraw(items, signatures);
        _skips(_update(), alice, ICommonErrors.DatasetWithdrawn.selector);
    }

    function test_skips_undefined_purposes() public {
        ConsentUpdate memory item = _update();
        item.purposes = 1 << 24;
        _skips(item, alice, ICommonErrors.PurposesUndefined.selector);
    }

    function test_skips_consent_that_is_over() public {
        ConsentUpdate memory item = _update();
        item.expires = uint40(block.timestamp);
        _skips(item, alice, IDatasetRegistry.ConsentExpired.selector);
    }

    function test_skips_what_was_issued_in_the_future() public {
        ConsentUpdate memory item = _update();
        item.issued = uint40(block.timestamp + 1);
        _skips(item, alice, IDatasetRegistry.ConsentFromFuture.selector);
    }

    function test_skips_what_was_issued_at_zero() public {
        ConsentUpdate memory item = _update();
        item.issued = 0;
        _skips(item, alice, IDatasetRegistry.ConsentOutdated.selector);
    }

    /// @dev A wider consent, held back by a relay and sent after a narrower one, does nothing; so does a replay.
    function test_skips_an_older_update_and_a_replay() public {
        ConsentUpdate memory older = _update();
        older.purposes = 0x1f;
        vm.warp(block.timestamp + 5);
        ConsentUpdate memory newer = _update();
        newer.purposes = 0;
        _send(newer);
        _skips(older, alice, IDatasetRegistry.ConsentOutdated.selector);
        _skips(newer, alice, IDatasetRegistry.ConsentOutdated.selector);
    }

    function test_skips_the_signature_of_somebody_else() public {
        _skips(_update(), mallory, ICommonErrors.SignatureInvalid.selector);
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function testFuzz_replaces_consent_and_nothing_else(uint32 purposes, uint40 expires, bool ask) public {
        ConsentUpdate memory item = _update();
        item.purposes = purposes & 0x0007001f;
        item.expires = expires > block.timestamp ? expires : 0;
        item.ask = ask;
        vm.expectEmit(address(registry));
        emit IDatasetRegistry.ConsentUpdated(_id(), item.purposes, item.expires, ask, item.issued);
        _send(item);
        Dataset memory found = registry.dataset(_id());
        vm.assertEq(found.owner, alice.account);
        vm.assertEq(found.pool, 1);
        vm.assertEq(found.flags, ask ? 3 : 2);
        vm.assertEq(found.purposes, item.purposes);
        vm.assertEq(found.expires, item.expires);
        vm.assertEq(found.issued, item.issued);
    }

    function test_brings_consent_back_that_was_over() public {
        vm.warp(block.timestamp + 3 * 365 days);
        _send(_update());
        vm.assertEq(registry.dataset(_id()).purposes, 1);
    }
}
