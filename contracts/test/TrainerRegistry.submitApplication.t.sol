// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICommonErrors} from "../src/interfaces/ICommonErrors.sol";
import {ITrainerRegistry, TrainerApplication} from "../src/interfaces/ITrainerRegistry.sol";
import {Base} from "./Base.t.sol";

contract SubmitApplicationTest is Base {
    function _application() internal view returns (TrainerApplication memory) {
        return TrainerApplication(mallory.account, keccak256("profile"), block.timestamp + 1 hours);
    }

    // ----------------------------------------------------------------------------------------------------- refusals

    function test_refuses_after_the_deadline() public {
        TrainerApplication memory application = _application();
        bytes memory signature = _sign(mallory, _digest(trainers, _hash(application)));
        vm.warp(application.deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(ICommonErrors.MessageExpired.selector, application.deadline));
        trainers.submitApplication(application, signature);
    }

    function test_refuses_the_signature_of_somebody_else() public {
        TrainerApplication memory application = _application();
        bytes memory signature = _sign(trent, _digest(trainers, _hash(application)));
        vm.expectRevert(abi.encodeWithSelector(ICommonErrors.SignatureInvalid.selector, mallory.account));
        trainers.submitApplication(application, signature);
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function test_announces_and_approves_nobody() public {
        TrainerApplication memory application = _application();
        bytes memory signature = _sign(mallory, _digest(trainers, _hash(application)));
        vm.warp(application.deadline);
        vm.expectEmit(address(trainers));
        emit ITrainerRegistry.Applied(mallory.account, application.profile);
        trainers.submitApplication(application, signature);
        vm.assertFalse(trainers.isApproved(mallory.account));
    }
}
