// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessRequest, IAccessRequests} from "../src/interfaces/IAccessRequests.sol";
import {ICommonErrors} from "../src/interfaces/ICommonErrors.sol";
import {ConsentUpdate, Contribution, IDatasetRegistry, Withdrawal} from "../src/interfaces/IDatasetRegistry.sol";
import {Base} from "./Base.t.sol";
import {Vm} from "./support/Vm.sol";

/// @notice The list of refusals that API, custodians and clients go through too: one rule, one list.
contract RefusalsTest is Base {
    bytes4 private constant NONE = 0;

    string private json;
    uint256 private now_;
    mapping(bytes32 code => bytes4) private _selectors;

    function setUp() public override {
        super.setUp();
        json = vm.readFile("../test/vectors/refusals.json");
        now_ = vm.parseJsonUint(json, ".now");
        vm.warp(now_);
        _code("MESSAGE_EXPIRED", ICommonErrors.MessageExpired.selector);
        _code("DATASET_UNKNOWN", ICommonErrors.DatasetUnknown.selector);
        _code("DATASET_WITHDRAWN", ICommonErrors.DatasetWithdrawn.selector);
        _code("PURPOSES_UNDEFINED", ICommonErrors.PurposesUndefined.selector);
        _code("POOL_UNKNOWN", ICommonErrors.PoolUnknown.selector);
        _code("POOL_IS_CLOSED", ICommonErrors.PoolIsClosed.selector);
        _code("DATASET_EXISTS", IDatasetRegistry.DatasetExists.selector);
        _code("FLAGS_UNDEFINED", IDatasetRegistry.FlagsUndefined.selector);
        _code("CONSENT_EXPIRED", IDatasetRegistry.ConsentExpired.selector);
        _code("CONSENT_FROM_FUTURE", IDatasetRegistry.ConsentFromFuture.selector);
        _code("CONSENT_OUTDATED", IDatasetRegistry.ConsentOutdated.selector);
        _code("REQUEST_EXPIRED", IAccessRequests.RequestExpired.selector);
        _code("REQUEST_EXISTS", IAccessRequests.RequestExists.selector);
        _code("COUNT_ZERO", IAccessRequests.CountZero.selector);
        _code("PURPOSE_NOT_SINGLE", IAccessRequests.PurposeNotSingle.selector);
        _code("RECIPIENT_LOW_ORDER", IAccessRequests.RecipientLowOrder.selector);
        _code("TRAINER_NOT_APPROVED", IAccessRequests.TrainerNotApproved.selector);
        _code("TRAINER_IS_SUSPENDED", IAccessRequests.TrainerIsSuspended.selector);
        _code("PRICE_ABOVE_MAXIMUM", IAccessRequests.PriceAboveMaximum.selector);
        _code("ESCROW_TOO_LARGE", IAccessRequests.EscrowTooLarge.selector);
    }

    function test_contributions() public {
        _run("Contribution", _contributionReason);
    }

    function test_consent_updates() public {
        _run("ConsentUpdate", _consentUpdateReason);
    }

    function test_access_requests() public {
        _run("AccessRequest", _accessRequestReason);
    }

    function _run(string memory kind, function(string memory, uint256) internal returns (bytes4) reasonOf) private {
        uint256 count;
        for (; vm.keyExistsJson(json, _path(kind, count, "")); ++count) {
            uint256 snapshot = vm.snapshotState();
            bytes4 found = reasonOf(kind, count);
            vm.assertEq(found, _expected(kind, count), vm.parseJsonString(json, _path(kind, count, ".name")));
            vm.revertToState(snapshot);
        }
        vm.assertTrue(count > 10, "there are cases");
    }

    // -------------------------------------------------------------------------------------- the world each case wants

    function _contributionReason(string memory kind, uint256 i) private returns (bytes4) {
        Contribution memory item = Contribution({
            owner: alice.account,
            content: CONTENT,
            metadata: 0,
            pool: _poolFor(kind, i, 1),
            purposes: uint32(_uint(kind, i, "purposes")),
            expires: uint40(_uint(kind, i, "expires")),
            flags: uint8(_uint(kind, i, "flags")),
            deadline: _uint(kind, i, "deadline")
        });
        string memory dataset = _statePath(kind, i, "dataset");
        if (_has(dataset, ".withdrawn")) {
            _contribute(_contribution());
            if (vm.parseJsonBool(json, string.concat(dataset, ".withdrawn"))) _withdraw();
        }
        vm.recordLogs();
        _contribute(item);
        return _skippedReason();
    }

    function _consentUpdateReason(string memory kind, uint256 i) private returns (bytes4) {
        ConsentUpdate memory item = ConsentUpdate({
            dataset: _id(),
            purposes: uint32(_uint(kind, i, "purposes")),
            expires: uint40(_uint(kind, i, "expires")),
            ask: _bool(kind, i, "ask"),
            issued: uint40(_uint(kind, i, "issued")),
            deadline: _uint(kind, i, "deadline")
        });
        string memory dataset = _statePath(kind, i, "dataset");
        if (_has(dataset, ".withdrawn")) {
            _contribute(_contribution());
            uint40 issued = uint40(vm.parseJsonUint(json, string.concat(dataset, ".issued")));
            if (issued != 0) _update(ConsentUpdate(_id(), 1, 0, false, issued, now_));
            if (vm.parseJsonBool(json, string.concat(dataset, ".withdrawn"))) _withdraw();
        }
        vm.recordLogs();
        _update(item);
        return _skippedReason();
    }

    function _accessRequestReason(string memory kind, uint256 i) private returns (bytes4) {
        _approveTrainer(_statePath(kind, i, "trainer"));
        string memory pool = _statePath(kind, i, "pool");
        AccessRequest memory message = AccessRequest({
            trainer: trent.account,
            pool: _poolFor(kind, i, vm.parseJsonUint(json, string.concat(pool, ".price"))),
            purposes: uint32(_uint(kind, i, "purposes")),
            manifestRoot: keccak256("root"),
            manifestDocument: keccak256("manifest"),
            count: uint32(_uint(kind, i, "count")),
            recipient: vm.parseJsonBytes32(json, _fieldPath(kind, i, "recipient")),
            maxTotalPrice: _uint(kind, i, "maxTotalPrice"),
            expires: uint40(_uint(kind, i, "expires")),
            salt: 0,
            deadline: _uint(kind, i, "deadline")
        });
        if (vm.keyExistsJson(json, _path(kind, i, ".state.request"))) _open(message);
        bytes memory signature = _sign(trent, _digest(requests, _hash(message)));
        try requests.open(message, signature, _noPermit()) {
            return NONE;
        } catch (bytes memory reason) {
            return bytes4(reason);
        }
    }

    /// @dev A pool in the state asked for, with the price asked for.
    function _poolFor(string memory kind, uint256 i, uint256 price) private returns (uint16 pool) {
        string memory state = _statePath(kind, i, "pool");
        if (!vm.parseJsonBool(json, string.concat(state, ".exists"))) return 999;
        vm.prank(dao);
        pool = registry.createPool("terms", 1, price);
        bool closed = vm.parseJsonBool(json, string.concat(state, ".closed"));
        vm.prank(dao);
        registry.setClosed(pool, closed);
    }

    function _approveTrainer(string memory state) private {
        uint40 until = uint40(vm.parseJsonUint(json, string.concat(state, ".approvedUntil")));
        bool suspended = vm.parseJsonBool(json, string.concat(state, ".suspended"));
        vm.warp(now_ - 1 days);
        vm.prank(dao);
        trainers.approve(trent.account, until == 0 ? type(uint40).max : until, 0);
        vm.prank(dao);
        trainers.setSuspended(trent.account, suspended);
        if (until == 0) {
            vm.prank(dao);
            trainers.revoke(trent.account);
        }
        vm.warp(now_);
    }

    function _update(ConsentUpdate memory item) private {
        ConsentUpdate[] memory items = new ConsentUpdate[](1);
        bytes[] memory signatures = new bytes[](1);
        (items[0], signatures[0]) = (item, _sign(alice, _digest(registry, _hash(item))));
        registry.updateConsent(items, signatures);
    }

    function _withdraw() private {
        Withdrawal[] memory items = new Withdrawal[](1);
        bytes[] memory signatures = new bytes[](1);
        items[0] = Withdrawal(alice.account, CONTENT);
        signatures[0] = _sign(alice, _digest(registry, _hash(items[0])));
        registry.withdraw(items, signatures);
    }

    /// @dev What the last batch said of its only item.
    function _skippedReason() private returns (bytes4) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs.length, 1);
        if (logs[0].topics[0] != IDatasetRegistry.Skipped.selector) return NONE;
        return abi.decode(logs[0].data, (bytes4));
    }

    // ------------------------------------------------------------------------------------------------------- reading

    function _code(string memory code, bytes4 selector) private {
        _selectors[keccak256(bytes(code))] = selector;
    }

    function _expected(string memory kind, uint256 i) private view returns (bytes4 selector) {
        bytes32 code = keccak256(bytes(vm.parseJsonString(json, _path(kind, i, ".code"))));
        if (code == keccak256("null")) return NONE;
        selector = _selectors[code];
        vm.assertTrue(selector != NONE, "a code that this test does not know");
    }

    function _path(string memory kind, uint256 i, string memory rest) private pure returns (string memory) {
        return string.concat(".", kind, ".cases[", vm.toString(i), "]", rest);
    }

    function _has(string memory path, string memory rest) private view returns (bool) {
        return vm.keyExistsJson(json, string.concat(path, rest));
    }

    /// @dev A case's state replaces the kind's, part by part.
    function _statePath(string memory kind, uint256 i, string memory part) private view returns (string memory path) {
        path = _path(kind, i, string.concat(".state.", part));
        if (!vm.keyExistsJson(json, path)) path = string.concat(".", kind, ".state.", part);
    }

    /// @dev A case's change replaces the template's field.
    function _fieldPath(string memory kind, uint256 i, string memory field) private view returns (string memory path) {
        path = _path(kind, i, string.concat(".change.", field));
        if (!vm.keyExistsJson(json, path)) path = string.concat(".", kind, ".template.", field);
    }

    function _uint(string memory kind, uint256 i, string memory field) private view returns (uint256) {
        return vm.parseJsonUint(json, _fieldPath(kind, i, field));
    }

    function _bool(string memory kind, uint256 i, string memory field) private view returns (bool) {
        return vm.parseJsonBool(json, _fieldPath(kind, i, field));
    }
}
