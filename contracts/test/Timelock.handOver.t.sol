// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {Dao} from "./support/Dao.sol";

/// @notice After the hand-over nobody but the Governor tells the Timelock what to do, the deployer has nothing left, and
/// nobody can do what nobody should.
contract HandOverTest is Dao {
    bytes32 internal constant ADMIN = 0;

    function _everybody() internal view returns (address[] memory accounts) {
        accounts = new address[](8);
        accounts[0] = address(this);
        accounts[1] = council;
        accounts[2] = guardian;
        accounts[3] = carol.account;
        accounts[4] = alice.account;
        accounts[5] = trent.account;
        accounts[6] = mallory.account;
        accounts[7] = address(0);
    }

    function _owned() internal view returns (address[6] memory) {
        return
            [
                address(registry),
                address(trainers),
                address(committee),
                address(requests),
                address(rewards),
                address(token)
            ];
    }

    // ----------------------------------------------------------------------------------------------------- refusals

    function test_refuses_everybody_but_the_governor_to_schedule() public {
        address[] memory accounts = _everybody();
        bytes memory call = abi.encodeCall(requests.setFees, (0, 0));
        bytes32 role = timelock.PROPOSER_ROLE();
        for (uint256 i; i < accounts.length; ++i) {
            vm.assertFalse(timelock.hasRole(role, accounts[i]));
            vm.expectRevert(
                abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, accounts[i], role)
            );
            vm.prank(accounts[i]);
            timelock.schedule(address(requests), 0, call, 0, 0, 7 days);
        }
    }

    function test_refuses_everybody_but_the_governor_to_cancel() public {
        address[] memory accounts = _everybody();
        bytes32 role = timelock.CANCELLER_ROLE();
        for (uint256 i; i < accounts.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, accounts[i], role)
            );
            vm.prank(accounts[i]);
            timelock.cancel(0);
        }
    }

    function test_refuses_to_grant_roles_but_to_itself() public {
        address[] memory accounts = _everybody();
        bytes32 role = timelock.PROPOSER_ROLE();
        for (uint256 i; i < accounts.length; ++i) {
            vm.assertFalse(timelock.hasRole(ADMIN, accounts[i]));
            vm.expectRevert(
                abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, accounts[i], ADMIN)
            );
            vm.prank(accounts[i]);
            timelock.grantRole(role, accounts[i]);
        }
    }

    function test_refuses_everybody_but_itself_to_change_its_delay() public {
        vm.expectRevert(abi.encodeWithSelector(TimelockController.TimelockUnauthorizedCaller.selector, address(this)));
        timelock.updateDelay(0);
    }

    function test_refuses_to_execute_what_was_not_scheduled() public {
        (bool done,) = address(timelock)
            .call(
                abi.encodeCall(timelock.execute, (address(requests), 0, abi.encodeCall(requests.setFees, (0, 0)), 0, 0))
            );
        vm.assertFalse(done);
    }

    /// @dev The Governor does nothing by itself either: no account can speak through it.
    function test_refuses_to_relay_through_the_governor() public {
        address[] memory accounts = _everybody();
        for (uint256 i; i < accounts.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorOnlyExecutor.selector, accounts[i]));
            vm.prank(accounts[i]);
            governor.relay(address(requests), 0, abi.encodeCall(requests.setFees, (0, 0)));
        }
    }

    /// @dev No proxy, no pause, no list of blocked accounts: not even the DAO has a function for it.
    function test_refuses_to_upgrade_pause_or_block_anybody() public {
        string[8] memory functions = [
            "upgradeTo(address)",
            "upgradeToAndCall(address,bytes)",
            "pause()",
            "setPaused(bool)",
            "block(address)",
            "setBlocked(address,bool)",
            "seize(address,uint256)",
            "setRewardPool(address)"
        ];
        address[6] memory contracts = _owned();
        for (uint256 i; i < contracts.length; ++i) {
            for (uint256 j; j < functions.length; ++j) {
                vm.prank(dao);
                (bool done,) = contracts[i].call(abi.encodeWithSignature(functions[j], alice.account, uint256(1)));
                vm.assertFalse(done);
            }
        }
    }

    /// @dev Suspended trainer, closed pool, replaced committee, no guardian: a reward is claimed and a refund paid.
    function test_nothing_that_the_dao_may_do_holds_up_a_claim_or_a_refund() public {
        bytes32 request = _openRequest(2);
        _settle(_settlement(request, PRICE, _leaf(alice.account, 60e18 + PRICE)));
        vm.startPrank(dao);
        trainers.setSuspended(trent.account, true);
        trainers.revoke(trent.account);
        registry.setClosed(1, true);
        requests.setFees(2500, 2500);
        requests.setWindow(90 days);
        rewards.setGuardian(address(0));
        rewards.setTreasury(mallory.account);
        committee.propose(2, _members());
        requests.renounceOwnership();
        rewards.renounceOwnership();
        vm.stopPrank();
        vm.assertEq(rewards.claim(alice.account, 60e18 + PRICE, new bytes32[](0)), PRICE);
        uint256 before = token.balanceOf(trent.account);
        vm.warp(uint256(requests.request(request).expires) + WINDOW + 1);
        requests.refund(request);
        vm.assertEq(token.balanceOf(trent.account) - before, PRICE);
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function test_owns_every_contract_that_has_an_owner() public view {
        address[6] memory contracts = _owned();
        for (uint256 i; i < contracts.length; ++i) {
            vm.assertEq(Owned(contracts[i]).owner(), dao);
        }
    }

    function test_leaves_the_governor_its_only_proposer() public view {
        vm.assertTrue(timelock.hasRole(timelock.PROPOSER_ROLE(), address(governor)));
        vm.assertTrue(timelock.hasRole(timelock.CANCELLER_ROLE(), address(governor)));
        vm.assertTrue(timelock.hasRole(timelock.EXECUTOR_ROLE(), address(0)));
        vm.assertTrue(timelock.hasRole(ADMIN, dao));
        vm.assertFalse(timelock.hasRole(ADMIN, address(governor)));
        vm.assertEq(timelock.getMinDelay(), TIMELOCK_DELAY);
    }

    function test_lets_anybody_execute_what_was_decided() public {
        vm.prank(address(governor));
        timelock.schedule(address(requests), 0, abi.encodeCall(requests.setFees, (1, 2)), 0, 0, TIMELOCK_DELAY);
        vm.warp(block.timestamp + TIMELOCK_DELAY);
        vm.prank(mallory.account);
        timelock.execute(address(requests), 0, abi.encodeCall(requests.setFees, (1, 2)), 0, 0);
        (uint16 treasuryBps,) = requests.fees();
        vm.assertEq(treasuryBps, 1);
    }
}

interface Owned {
    function owner() external view returns (address);
}
