// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Approval, IAccessRequests} from "../src/interfaces/IAccessRequests.sol";
import {ICommonErrors} from "../src/interfaces/ICommonErrors.sol";
import {IGranaryDomain} from "../src/interfaces/IGranaryDomain.sol";
import {Accounts} from "./Accounts.t.sol";

/// @notice Who may sign an approval.
contract ApproveAccountsTest is Accounts {
    bytes32 private request;

    function setUp() public override {
        super.setUp();
        request = _openRequest(10);
    }

    function _message(address account) private view returns (Approval memory) {
        return Approval(request, keccak256(abi.encode(account, CONTENT)), true, block.timestamp + 1 hours);
    }

    function _prepare(address account) internal override {
        _register(account);
    }

    function _verifier() internal view override returns (IGranaryDomain) {
        return requests;
    }

    function _structHash(address account) internal view override returns (bytes32) {
        return _hash(_message(account));
    }

    function _call(address account, bytes memory signature) internal view override returns (bytes memory) {
        Approval[] memory items = new Approval[](1);
        bytes[] memory signatures = new bytes[](1);
        (items[0], signatures[0]) = (_message(account), signature);
        return abi.encodeCall(requests.approve, (items, signatures));
    }

    function _expectRefusal(address) internal override {
        vm.expectEmit(address(requests));
        emit IAccessRequests.Skipped(0, ICommonErrors.SignatureInvalid.selector);
    }

    function _taken(address account) internal view override returns (bool) {
        return requests.approval(request, keccak256(abi.encode(account, CONTENT))) == 1;
    }
}
