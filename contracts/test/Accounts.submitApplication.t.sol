// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICommonErrors} from "../src/interfaces/ICommonErrors.sol";
import {IGranaryDomain} from "../src/interfaces/IGranaryDomain.sol";
import {ITrainerRegistry, TrainerApplication} from "../src/interfaces/ITrainerRegistry.sol";
import {Accounts} from "./Accounts.t.sol";
import {Vm} from "./support/Vm.sol";

/// @notice Who may sign an application.
contract SubmitApplicationAccountsTest is Accounts {
    /// An application leaves nothing but its event.
    mapping(address account => bool) private seen;

    function _message(address account) private view returns (TrainerApplication memory) {
        return TrainerApplication(account, keccak256("profile"), block.timestamp + 1 hours);
    }

    function _prepare(address) internal override {
        vm.recordLogs();
    }

    function _verifier() internal view override returns (IGranaryDomain) {
        return trainers;
    }

    function _structHash(address account) internal view override returns (bytes32) {
        return _hash(_message(account));
    }

    function _call(address account, bytes memory signature) internal view override returns (bytes memory) {
        return abi.encodeCall(trainers.submitApplication, (_message(account), signature));
    }

    function _expectRefusal(address account) internal override {
        vm.expectRevert(abi.encodeWithSelector(ICommonErrors.SignatureInvalid.selector, account));
    }

    function _taken(address account) internal override returns (bool) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] == ITrainerRegistry.Applied.selector) {
                seen[address(uint160(uint256(logs[i].topics[1])))] = true;
            }
        }
        return seen[account];
    }
}
