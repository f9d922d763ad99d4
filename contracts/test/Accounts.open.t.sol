// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessRequest} from "../src/interfaces/IAccessRequests.sol";
import {ICommonErrors} from "../src/interfaces/ICommonErrors.sol";
import {IGranaryDomain} from "../src/interfaces/IGranaryDomain.sol";
import {Accounts} from "./Accounts.t.sol";

/// @notice Who may sign an access request.
contract OpenAccountsTest is Accounts {
    function _message(address account) private view returns (AccessRequest memory message) {
        message = _request(1);
        message.trainer = account;
    }

    function _prepare(address account) internal override {
        vm.prank(dao);
        trainers.approve(account, uint40(block.timestamp + 365 days), keccak256("profile"));
        vm.prank(dao);
        token.mint(account, PRICE);
        vm.prank(account);
        token.approve(address(requests), PRICE);
    }

    function _verifier() internal view override returns (IGranaryDomain) {
        return requests;
    }

    function _structHash(address account) internal view override returns (bytes32) {
        return _hash(_message(account));
    }

    function _call(address account, bytes memory signature) internal view override returns (bytes memory) {
        return abi.encodeCall(requests.open, (_message(account), signature, _noPermit()));
    }

    function _expectRefusal(address account) internal override {
        vm.expectRevert(abi.encodeWithSelector(ICommonErrors.SignatureInvalid.selector, account));
    }

    function _taken(address account) internal view override returns (bool) {
        return requests.request(_structHash(account)).trainer == account && token.balanceOf(account) == 0;
    }
}
