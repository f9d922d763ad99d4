// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICommonErrors} from "../src/interfaces/ICommonErrors.sol";
import {Contribution, IDatasetRegistry} from "../src/interfaces/IDatasetRegistry.sol";
import {IGranaryDomain} from "../src/interfaces/IGranaryDomain.sol";
import {Accounts} from "./Accounts.t.sol";

/// @notice Who may sign a contribution.
contract ContributeAccountsTest is Accounts {
    function _message(address account) private view returns (Contribution memory item) {
        item = _contribution();
        item.owner = account;
    }

    function _prepare(address account) internal override {}

    function _verifier() internal view override returns (IGranaryDomain) {
        return registry;
    }

    function _structHash(address account) internal view override returns (bytes32) {
        return _hash(_message(account));
    }

    function _call(address account, bytes memory signature) internal view override returns (bytes memory) {
        Contribution[] memory items = new Contribution[](1);
        bytes[] memory signatures = new bytes[](1);
        (items[0], signatures[0]) = (_message(account), signature);
        return abi.encodeCall(registry.contribute, (items, signatures));
    }

    function _expectRefusal(address) internal override {
        vm.expectEmit(address(registry));
        emit IDatasetRegistry.Skipped(0, ICommonErrors.SignatureInvalid.selector);
    }

    function _taken(address account) internal view override returns (bool) {
        return registry.dataset(keccak256(abi.encode(account, CONTENT))).owner == account;
    }
}
