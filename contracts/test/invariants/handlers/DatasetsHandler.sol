// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICommonErrors} from "../../../src/interfaces/ICommonErrors.sol";
import {
    ConsentUpdate,
    Contribution,
    Dataset,
    IDatasetRegistry,
    Withdrawal
} from "../../../src/interfaces/IDatasetRegistry.sol";
import {Actor} from "../../support/Signing.sol";
import {Vm} from "../../support/Vm.sol";
import {Handler} from "./Handler.sol";

/// @notice Sends batches of contributions, consent updates and withdrawals of three owners, good and bad items mixed, and
/// sends old ones again. It keeps its own record of each dataset, written in its own words.
contract DatasetsHandler is Handler {
    uint32 internal constant DEFINED = 0x0007001f;

    Actor[3] internal owners;
    bytes32[12] public ids;

    /// @dev What the registry should know.
    mapping(bytes32 dataset => Dataset) internal model;
    mapping(bytes32 dataset => address) public firstOwner;
    mapping(bytes32 dataset => bool) public withdrawn;
    /// @dev The newest consent that was taken, by the time at which it was issued.
    mapping(bytes32 dataset => uint40) public newest;

    /// @dev Messages that were sent before, with their signatures.
    bytes[] internal contributions;
    bytes[] internal updates;

    /// @dev What the batch that is being made should skip, and why; zero = nothing.
    bytes4[] internal expected;
    /// @dev Of an item that is taken and says nothing: a withdrawal that is repeated.
    bytes4 internal constant SILENT = 0xffffffff;

    function setUp() public override {
        super.setUp();
        owners[0] = alice;
        owners[1] = _actor("Bob");
        owners[2] = _actor("Carl");
        for (uint256 i; i < 12; ++i) {
            ids[i] = keccak256(abi.encode(owners[i / 4].account, _content(i)));
        }
    }

    function contribute(uint256 dice, uint256, uint256) external {
        uint256 size = 1 + dice % 4;
        Contribution[] memory items = new Contribution[](size);
        bytes[] memory signatures = new bytes[](size);
        for (uint256 i; i < size; ++i) {
            dice = uint256(keccak256(abi.encode(dice)));
            if (dice % 4 == 0 && contributions.length != 0) {
                bytes memory old = contributions[(dice >> 8) % contributions.length];
                (items[i], signatures[i]) = abi.decode(old, (Contribution, bytes));
                _done("contribute again");
            } else {
                (items[i], signatures[i]) = _newContribution(dice);
                contributions.push(abi.encode(items[i], signatures[i]));
            }
            expected.push(_foreseeContribution(items[i], signatures[i]));
        }
        vm.recordLogs();
        registry.contribute(items, signatures);
        _compareSkipped("contribute");
    }

    function update(uint256 dice, uint256, uint256) external {
        uint256 size = 1 + dice % 4;
        ConsentUpdate[] memory items = new ConsentUpdate[](size);
        bytes[] memory signatures = new bytes[](size);
        for (uint256 i; i < size; ++i) {
            dice = uint256(keccak256(abi.encode(dice)));
            if (dice % 3 == 0 && updates.length != 0) {
                bytes memory old = updates[(dice >> 8) % updates.length];
                (items[i], signatures[i]) = abi.decode(old, (ConsentUpdate, bytes));
                _done("update again");
            } else {
                (items[i], signatures[i]) = _newUpdate(dice);
                updates.push(abi.encode(items[i], signatures[i]));
            }
            expected.push(_foreseeUpdate(items[i], signatures[i]));
        }
        vm.recordLogs();
        registry.updateConsent(items, signatures);
        _compareSkipped("update");
    }

    function withdraw(uint256 dice, uint256, uint256) external {
        uint256 size = 1 + dice % 2;
        Withdrawal[] memory items = new Withdrawal[](size);
        bytes[] memory signatures = new bytes[](size);
        for (uint256 i; i < size; ++i) {
            dice = uint256(keccak256(abi.encode(dice)));
            uint256 which = (dice >> 8) % 12;
            bool forged = dice % 3 != 0;
            items[i] = Withdrawal(owners[which / 4].account, _content(which));
            Actor memory signer = forged ? mallory : owners[which / 4];
            signatures[i] = _sign(signer, _digest(registry, _hash(items[i])));
            bool repeated = model[ids[which]].flags & 4 != 0;
            expected.push(forged ? ICommonErrors.SignatureInvalid.selector : repeated ? SILENT : bytes4(0));
            if (!forged) _withdrawInModel(ids[which], items[i].owner);
        }
        vm.recordLogs();
        registry.withdraw(items, signatures);
        _compareSkipped("withdraw");
    }

    function passTime(uint256 time, uint256, uint256) external {
        vm.warp(block.timestamp + 1 + time % 2 hours);
        _done("pass time");
    }

    // ------------------------------------------------------------------------------------------------- what should be

    /// @dev The registry is what the record says, field by field.
    function check() external view {
        for (uint256 i; i < ids.length; ++i) {
            vm.assertEq(
                keccak256(abi.encode(registry.dataset(ids[i]))), keccak256(abi.encode(model[ids[i]])), "the record"
            );
        }
    }

    function checkOwners() external view {
        for (uint256 i; i < ids.length; ++i) {
            address owner = registry.dataset(ids[i]).owner;
            vm.assertEq(owner, firstOwner[ids[i]]);
            vm.assertTrue(owner == address(0) || ids[i] == keccak256(abi.encode(owner, _content(i))), "its own owner");
        }
    }

    function checkWithdrawn() external view {
        for (uint256 i; i < ids.length; ++i) {
            Dataset memory found = registry.dataset(ids[i]);
            vm.assertEq(found.flags & 4 != 0, withdrawn[ids[i]]);
            if (!withdrawn[ids[i]]) continue;
            vm.assertEq(uint256(found.purposes) + found.expires + found.pool, 0, "nothing is permitted");
        }
    }

    function checkNewest() external view {
        for (uint256 i; i < ids.length; ++i) {
            vm.assertEq(registry.dataset(ids[i]).issued, newest[ids[i]]);
        }
    }

    // ---------------------------------------------------------------------------------------------------- new messages

    function _content(uint256 which) internal pure returns (bytes32) {
        return keccak256(abi.encode("content", which));
    }

    function _newContribution(uint256 dice) private view returns (Contribution memory item, bytes memory signature) {
        uint256 which = (dice >> 8) % 12;
        Actor memory owner = owners[which / 4];
        item = Contribution({
            owner: owner.account,
            content: _content(which),
            metadata: bytes32(dice),
            pool: dice % 11 == 0 ? 9 : 1,
            purposes: uint32(dice >> 32) & (dice % 7 == 0 ? type(uint32).max : DEFINED),
            expires: dice % 3 == 0 ? 0 : uint40(block.timestamp + (dice >> 64) % 9 hours),
            flags: uint8((dice >> 16) % (dice % 13 == 0 ? 8 : 4)),
            deadline: block.timestamp + (dice >> 128) % 3 hours
        });
        signature = _sign(dice % 5 == 0 ? mallory : owner, _digest(registry, _hash(item)));
    }

    function _newUpdate(uint256 dice) private view returns (ConsentUpdate memory item, bytes memory signature) {
        uint256 which = (dice >> 8) % 12;
        item = ConsentUpdate({
            dataset: ids[which],
            purposes: uint32(dice >> 32) & DEFINED,
            expires: dice % 4 == 0 ? 0 : uint40(block.timestamp + (dice >> 64) % 9 hours),
            ask: dice % 2 == 0,
            issued: uint40(block.timestamp + 20 - (dice >> 96) % 3 hours),
            deadline: block.timestamp + (dice >> 128) % 3 hours
        });
        signature = _sign(dice % 5 == 0 ? mallory : owners[which / 4], _digest(registry, _hash(item)));
    }

    // ---------------------------------------------------------------------------- what each does, and why one is skipped

    function _foreseeContribution(Contribution memory item, bytes memory signature) private returns (bytes4) {
        bytes32 id = keccak256(abi.encode(item.owner, item.content));
        if (item.deadline < block.timestamp) return ICommonErrors.MessageExpired.selector;
        if (withdrawn[id]) return ICommonErrors.DatasetWithdrawn.selector;
        if (firstOwner[id] != address(0)) return IDatasetRegistry.DatasetExists.selector;
        if (item.purposes & ~DEFINED != 0) return ICommonErrors.PurposesUndefined.selector;
        if (item.flags > 3) return IDatasetRegistry.FlagsUndefined.selector;
        if (item.expires != 0 && item.expires <= block.timestamp) return IDatasetRegistry.ConsentExpired.selector;
        if (item.pool != 1) return ICommonErrors.PoolUnknown.selector;
        if (!_isBy(item.owner, _hash(item), signature)) return ICommonErrors.SignatureInvalid.selector;
        firstOwner[id] = item.owner;
        model[id] = Dataset(item.owner, item.purposes, item.expires, item.pool, item.flags, 0);
        return 0;
    }

    function _foreseeUpdate(ConsentUpdate memory item, bytes memory signature) private returns (bytes4) {
        bytes32 id = item.dataset;
        Dataset storage record = model[id];
        if (item.deadline < block.timestamp) return ICommonErrors.MessageExpired.selector;
        if (firstOwner[id] == address(0)) return ICommonErrors.DatasetUnknown.selector;
        if (withdrawn[id]) return ICommonErrors.DatasetWithdrawn.selector;
        if (item.expires != 0 && item.expires <= block.timestamp) return IDatasetRegistry.ConsentExpired.selector;
        if (item.issued > block.timestamp) return IDatasetRegistry.ConsentFromFuture.selector;
        if (item.issued <= newest[id]) return IDatasetRegistry.ConsentOutdated.selector;
        if (!_isBy(record.owner, _hash(item), signature)) return ICommonErrors.SignatureInvalid.selector;
        newest[id] = item.issued;
        (record.purposes, record.expires, record.issued) = (item.purposes, item.expires, item.issued);
        record.flags = (record.flags & 2) + (item.ask ? 1 : 0);
        return 0;
    }

    function _withdrawInModel(bytes32 id, address owner) private {
        firstOwner[id] = owner;
        withdrawn[id] = true;
        Dataset storage record = model[id];
        (record.owner, record.purposes, record.expires, record.pool) = (owner, 0, 0, 0);
        record.flags = (record.flags & 2) + 4;
    }

    /// @dev Ordinary signatures only: whose key made it.
    function _isBy(address account, bytes32 structHash, bytes memory signature) private view returns (bool) {
        (bytes32 r, bytes32 s) = abi.decode(signature, (bytes32, bytes32));
        return ecrecover(_digest(registry, structHash), uint8(signature[64]), r, s) == account;
    }

    /// @dev The batch said of each item that it was skipped, and why, or did it: one event an item, in order, and none of
    /// what had been done before.
    function _compareSkipped(bytes32 action) private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        bool some;
        bool all = true;
        uint256 next;
        for (uint256 i; i < expected.length; ++i) {
            if (expected[i] == SILENT) {
                _done("withdraw again");
                continue;
            }
            Vm.Log memory log = logs[next++];
            bytes4 reason;
            if (log.topics[0] == IDatasetRegistry.Skipped.selector) {
                vm.assertEq(uint256(log.topics[1]), i, "the index of what was skipped");
                reason = abi.decode(log.data, (bytes4));
            }
            vm.assertEq(bytes32(reason), bytes32(expected[i]), "why it was skipped");
            if (reason == 0) _done(action);
            else _done(reason);
            some = some || reason == 0;
            all = all && reason == 0;
        }
        vm.assertEq(logs.length, next, "one event an item");
        if (some && !all) _done("mixed batch");
        delete expected;
    }
}
