// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {AccessRequests} from "../src/AccessRequests.sol";
import {IAccessRequests} from "../src/interfaces/IAccessRequests.sol";
import {ICommonErrors} from "../src/interfaces/ICommonErrors.sol";
import {Base} from "./Base.t.sol";

contract ParametersTest is Base {
    // ----------------------------------------------------------------------------------------------------- refusals

    function test_refuses_everybody_but_the_owner() public {
        bytes memory refusal = abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, address(this));
        vm.expectRevert(refusal);
        requests.setFees(0, 0);
        vm.expectRevert(refusal);
        requests.setWindow(0);
    }

    /// @dev Whatever the votes say, owners keep half.
    function testFuzz_refuses_to_leave_owners_less_than_half(uint16 treasuryBps, uint16 custodiansBps) public {
        vm.assume(uint256(treasuryBps) + custodiansBps > 10_000 - rewards.OWNERS_MINIMUM_BPS());
        vm.expectRevert(abi.encodeWithSelector(IAccessRequests.FeesTooHigh.selector, treasuryBps, custodiansBps));
        vm.prank(dao);
        requests.setFees(treasuryBps, custodiansBps);
    }

    function test_refuses_to_be_made_without_its_neighbours() public {
        vm.expectRevert(ICommonErrors.AddressZero.selector);
        new AccessRequests(token, registry, trainers, address(0), dao, 0, 0, 0);
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function test_changes_fees_and_window() public {
        vm.prank(dao);
        requests.setFees(2000, 3000);
        (uint16 treasuryBps, uint16 custodiansBps) = requests.fees();
        vm.assertEq(treasuryBps, 2000);
        vm.assertEq(custodiansBps, 3000);
        vm.prank(dao);
        requests.setWindow(9 days);
        vm.assertEq(requests.window(), 9 days);
    }
}
