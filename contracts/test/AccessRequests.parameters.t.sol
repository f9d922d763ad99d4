// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {AccessRequests} from "../src/AccessRequests.sol";
import {IAccessRequests} from "../src/interfaces/IAccessRequests.sol";
import {ICommonErrors} from "../src/interfaces/ICommonErrors.sol";
import {IDatasetRegistry} from "../src/interfaces/IDatasetRegistry.sol";
import {ITrainerRegistry} from "../src/interfaces/ITrainerRegistry.sol";
import {Base} from "./Base.t.sol";

contract ParametersTest is Base {
    /// @dev A call around the deployment: forge does not notice a deployment that should have failed and did not.
    function make(
        IERC20 token_,
        IDatasetRegistry registry_,
        ITrainerRegistry trainers_,
        address pool,
        uint16 fee,
        uint40 window
    ) external returns (AccessRequests) {
        return new AccessRequests(token_, registry_, trainers_, pool, dao, 2500, fee, window);
    }

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

    /// @dev Not below what the deployment began with, and not beyond three months.
    function testFuzz_refuses_a_window_out_of_its_limits(uint40 window) public {
        vm.assume(window < WINDOW || window > 90 days);
        vm.expectRevert(
            abi.encodeWithSelector(IAccessRequests.WindowInvalid.selector, window, WINDOW, requests.WINDOW_MAXIMUM())
        );
        vm.prank(dao);
        requests.setWindow(window);
    }

    function test_refuses_to_be_made_without_its_neighbours() public {
        vm.expectRevert(ICommonErrors.AddressZero.selector);
        this.make(IERC20(address(0)), registry, trainers, address(rewards), 0, WINDOW);
        vm.expectRevert(ICommonErrors.AddressZero.selector);
        this.make(token, IDatasetRegistry(address(0)), trainers, address(rewards), 0, WINDOW);
        vm.expectRevert(ICommonErrors.AddressZero.selector);
        this.make(token, registry, ITrainerRegistry(address(0)), address(rewards), 0, WINDOW);
        vm.expectRevert(ICommonErrors.AddressZero.selector);
        this.make(token, registry, trainers, address(0), 0, WINDOW);
    }

    function test_refuses_to_be_made_with_fees_or_a_window_beyond_the_limits() public {
        vm.expectRevert(abi.encodeWithSelector(IAccessRequests.FeesTooHigh.selector, 2500, 2501));
        this.make(token, registry, trainers, address(rewards), 2501, WINDOW);
        vm.expectRevert(
            abi.encodeWithSelector(IAccessRequests.WindowInvalid.selector, 90 days + 1, 90 days + 1, 90 days)
        );
        this.make(token, registry, trainers, address(rewards), 0, 90 days + 1);
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function test_keeps_what_it_was_made_with() public {
        vm.expectEmit();
        emit IAccessRequests.FeesChanged(2500, 2500);
        vm.expectEmit();
        emit IAccessRequests.WindowChanged(90 days);
        AccessRequests made = new AccessRequests(token, registry, trainers, address(rewards), dao, 2500, 2500, 90 days);
        vm.assertEq(address(made.token()), address(token));
        vm.assertEq(address(made.registry()), address(registry));
        vm.assertEq(address(made.trainers()), address(trainers));
        vm.assertEq(made.rewardPool(), address(rewards));
        vm.assertEq(made.owner(), dao);
        vm.assertEq(made.window(), 90 days);
        vm.assertEq(made.windowMinimum(), 90 days);
        vm.assertEq(made.FEES_MAXIMUM_BPS(), 5000);
    }

    function testFuzz_changes_fees_and_window_within_their_limits(
        uint16 treasuryBps,
        uint16 custodiansBps,
        uint40 window
    ) public {
        treasuryBps = treasuryBps % 5001;
        custodiansBps = custodiansBps % (5001 - treasuryBps);
        window = WINDOW + window % (90 days - WINDOW + 1);
        vm.expectEmit(address(requests));
        emit IAccessRequests.FeesChanged(treasuryBps, custodiansBps);
        vm.prank(dao);
        requests.setFees(treasuryBps, custodiansBps);
        vm.expectEmit(address(requests));
        emit IAccessRequests.WindowChanged(window);
        vm.prank(dao);
        requests.setWindow(window);
        (uint16 treasurysPart, uint16 custodiansPart) = requests.fees();
        vm.assertEq(treasurysPart, treasuryBps);
        vm.assertEq(custodiansPart, custodiansBps);
        vm.assertEq(requests.window(), window);
        vm.assertEq(requests.windowMinimum(), WINDOW);
    }

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
