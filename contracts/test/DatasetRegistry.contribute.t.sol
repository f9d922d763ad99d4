// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICommonErrors} from "../src/interfaces/ICommonErrors.sol";
import {Contribution, Dataset, IDatasetRegistry, Withdrawal} from "../src/interfaces/IDatasetRegistry.sol";
import {Base} from "./Base.t.sol";
import {BurningWallet, HonestWallet} from "./support/Wallets.sol";

contract ContributeTest is Base {
    function _skips(Contribution memory item, bytes memory signature, bytes4 reason) internal {
        vm.expectEmit(address(registry));
        emit IDatasetRegistry.Skipped(0, reason);
        _contribute(item, signature);
    }

    /// @dev Well signed, and skipped nevertheless, without a trace.
    function _skips(Contribution memory item, bytes4 reason) internal {
        _skips(item, _sign(alice, _digest(registry, _hash(item))), reason);
        vm.assertEq(registry.dataset(keccak256(abi.encode(item.owner, item.content))).owner, address(0));
    }

    // ----------------------------------------------------------------------------------------------------- refusals

    function test_refuses_lists_of_different_length() public {
        vm.expectRevert(abi.encodeWithSelector(ICommonErrors.LengthMismatch.selector, 2, 1));
        registry.contribute(new Contribution[](2), new bytes[](1));
    }

    function test_skips_after_the_deadline() public {
        Contribution memory item = _contribution();
        vm.warp(item.deadline + 1);
        _skips(item, ICommonErrors.MessageExpired.selector);
    }

    function test_skips_a_replay() public {
        Contribution memory item = _contribution();
        _contribute(item);
        Dataset memory before = registry.dataset(_id());
        bytes memory signature = _sign(alice, _digest(registry, _hash(item)));
        _skips(item, signature, IDatasetRegistry.DatasetExists.selector);
        item.purposes = 0;
        signature = _sign(alice, _digest(registry, _hash(item)));
        _skips(item, signature, IDatasetRegistry.DatasetExists.selector);
        vm.assertEq(keccak256(abi.encode(registry.dataset(_id()))), keccak256(abi.encode(before)));
    }

    function test_skips_what_was_withdrawn_before() public {
        Withdrawal[] memory items = new Withdrawal[](1);
        bytes[] memory signatures = new bytes[](1);
        items[0] = Withdrawal(alice.account, CONTENT);
        signatures[0] = _sign(alice, _digest(registry, _hash(items[0])));
        registry.withdraw(items, signatures);
        Contribution memory item = _contribution();
        bytes memory signature = _sign(alice, _digest(registry, _hash(item)));
        _skips(item, signature, ICommonErrors.DatasetWithdrawn.selector);
        vm.assertEq(registry.dataset(_id()).pool, 0);
    }

    function testFuzz_skips_undefined_purposes(uint32 purposes) public {
        vm.assume(purposes & ~uint32(0x0007001f) != 0);
        Contribution memory item = _contribution();
        item.purposes = purposes;
        _skips(item, ICommonErrors.PurposesUndefined.selector);
    }

    function test_skips_clean_room_only() public {
        Contribution memory item = _contribution();
        item.purposes = FINE_TUNING | (1 << 24);
        _skips(item, ICommonErrors.PurposesUndefined.selector);
    }

    function testFuzz_skips_flags_that_are_not_the_contributors(uint8 flags) public {
        vm.assume(flags > 3);
        Contribution memory item = _contribution();
        item.flags = flags;
        _skips(item, IDatasetRegistry.FlagsUndefined.selector);
    }

    function test_skips_consent_that_is_over() public {
        Contribution memory item = _contribution();
        item.expires = uint40(block.timestamp);
        _skips(item, IDatasetRegistry.ConsentExpired.selector);
    }

    function test_skips_an_unknown_pool() public {
        Contribution memory item = _contribution();
        item.pool = 2;
        _skips(item, ICommonErrors.PoolUnknown.selector);
        item.pool = 0;
        _skips(item, ICommonErrors.PoolUnknown.selector);
    }

    function test_skips_a_closed_pool() public {
        vm.prank(dao);
        registry.setClosed(1, true);
        _skips(_contribution(), ICommonErrors.PoolIsClosed.selector);
    }

    function test_skips_a_signature_of_somebody_else() public {
        Contribution memory item = _contribution();
        bytes memory signature = _sign(mallory, _digest(registry, _hash(item)));
        _skips(item, signature, ICommonErrors.SignatureInvalid.selector);
    }

    function test_skips_a_signature_for_another_chain() public {
        Contribution memory item = _contribution();
        bytes memory signature = _sign(alice, _digest(registry, _hash(item)));
        vm.chainId(block.chainid + 1);
        _skips(item, signature, ICommonErrors.SignatureInvalid.selector);
    }

    function test_skips_a_signature_for_another_contract() public {
        Contribution memory item = _contribution();
        bytes memory signature = _sign(alice, _digest(requests, _hash(item)));
        _skips(item, signature, ICommonErrors.SignatureInvalid.selector);
    }

    function test_skips_an_owner_of_zero() public {
        Contribution memory item = _contribution();
        item.owner = address(0);
        _skips(item, ICommonErrors.SignatureInvalid.selector);
        _skips(item, new bytes(65), ICommonErrors.SignatureInvalid.selector);
    }

    /// @dev Every field is covered by the signature.
    function testFuzz_skips_an_altered_message(uint8 field, bytes32 noise) public {
        Contribution memory item = _contribution();
        bytes memory signature = _sign(alice, _digest(registry, _hash(item)));
        bytes32 before = _hash(item);
        field = field % 7;
        if (field == 0) item.content = noise;
        if (field == 1) item.metadata = noise;
        if (field == 2) item.purposes = uint32(uint256(noise)) & 0x0007001f;
        if (field == 3) item.expires = uint40(block.timestamp + 1 + (uint256(noise) % 1000 days));
        if (field == 4) item.flags = uint8(uint256(noise)) & 3;
        if (field == 5) item.deadline = block.timestamp + (uint256(noise) % 1000 days);
        if (field == 6) item.owner = mallory.account;
        vm.assume(_hash(item) != before);
        _skips(item, signature, ICommonErrors.SignatureInvalid.selector);
    }

    /// @dev The hash copies calldata as it stands, so bits beyond a field's width must not get through.
    function testFuzz_refuses_calldata_with_bits_beyond_a_fields_width(uint256 field, uint8 noise) public {
        uint8[5] memory narrow = [0, 3, 4, 5, 6];
        vm.assume(noise != 0);
        Contribution[] memory items = new Contribution[](1);
        bytes[] memory signatures = new bytes[](1);
        items[0] = _contribution();
        signatures[0] = _sign(alice, _digest(registry, _hash(items[0])));
        bytes memory data = abi.encodeCall(registry.contribute, (items, signatures));
        data[4 + 32 * (3 + uint256(narrow[field % 5]))] = bytes1(noise);
        (bool done,) = address(registry).call(data);
        vm.assertFalse(done);
    }

    /// @dev Mallory's wallet burns its gas and no more: the others of the batch are served.
    function test_a_burning_wallet_does_not_hold_up_a_batch() public {
        Contribution[] memory items = new Contribution[](2);
        bytes[] memory signatures = new bytes[](2);
        items[0] = _contribution();
        items[0].owner = address(new BurningWallet());
        items[1] = _contribution();
        signatures[1] = _sign(alice, _digest(registry, _hash(items[1])));
        vm.expectEmit(address(registry));
        emit IDatasetRegistry.Skipped(0, ICommonErrors.SignatureInvalid.selector);
        uint256 gas = gasleft();
        registry.contribute{gas: 400_000}(items, signatures);
        vm.assertLe(gas - gasleft(), 250_000, "the burner's part is bounded");
        vm.assertEq(registry.dataset(_id()).owner, alice.account);
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function test_registers_whoever_sends_it() public {
        Contribution memory item = _contribution();
        vm.expectEmit(address(registry));
        emit IDatasetRegistry.Contributed(
            _id(), alice.account, 1, CONTENT, item.metadata, item.purposes, item.expires, item.flags
        );
        bytes memory signature = _sign(alice, _digest(registry, _hash(item)));
        vm.prank(mallory.account);
        _contribute(item, signature);
        Dataset memory found = registry.dataset(_id());
        vm.assertEq(found.owner, alice.account);
        vm.assertEq(found.purposes, item.purposes);
        vm.assertEq(found.expires, item.expires);
        vm.assertEq(found.pool, 1);
        vm.assertEq(found.flags, 2);
        vm.assertEq(found.issued, 0);
        vm.assertEq(registry.datasetId(alice.account, CONTENT), _id());
    }

    function test_takes_it_at_the_deadline() public {
        Contribution memory item = _contribution();
        vm.warp(item.deadline);
        _contribute(item);
        vm.assertEq(registry.dataset(_id()).owner, alice.account);
    }

    function test_the_same_content_of_two_owners_makes_two_datasets() public {
        _contribute(_contribution());
        Contribution memory copy = _contribution();
        copy.owner = mallory.account;
        _contribute(copy, _sign(mallory, _digest(registry, _hash(copy))));
        vm.assertEq(registry.dataset(_id()).owner, alice.account);
        vm.assertEq(registry.dataset(keccak256(abi.encode(mallory.account, CONTENT))).owner, mallory.account);
    }

    function test_takes_the_signature_of_a_contract_account() public {
        Contribution memory item = _contribution();
        item.owner = address(new HonestWallet(alice.account));
        _contribute(item);
        vm.assertEq(registry.dataset(keccak256(abi.encode(item.owner, CONTENT))).owner, item.owner);
    }

    /// @dev An account with EIP-7702 code keeps its key's signatures.
    function test_takes_the_key_of_an_account_with_code() public {
        vm.etch(alice.account, address(new BurningWallet()).code);
        _contribute(_contribution());
        vm.assertEq(registry.dataset(_id()).owner, alice.account);
    }

    function testFuzz_stores_what_was_signed(bytes32 content, uint32 purposes, uint40 expires, uint8 flags) public {
        Contribution memory item = _contribution();
        item.content = content;
        item.purposes = purposes & 0x0007001f;
        item.expires = expires > block.timestamp ? expires : 0;
        item.flags = flags & 3;
        _contribute(item);
        bytes32[] memory ids = new bytes32[](2);
        ids[0] = keccak256(abi.encode(alice.account, content));
        Dataset[] memory found = registry.datasets(ids);
        vm.assertEq(
            keccak256(abi.encode(found[0])),
            keccak256(abi.encode(alice.account, item.purposes, item.expires, uint16(1), item.flags, uint40(0)))
        );
        vm.assertEq(found[1].owner, address(0));
    }
}
