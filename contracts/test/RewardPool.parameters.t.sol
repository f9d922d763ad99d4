// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {RewardPool} from "../src/RewardPool.sol";
import {IAccessRequests} from "../src/interfaces/IAccessRequests.sol";
import {ICommonErrors} from "../src/interfaces/ICommonErrors.sol";
import {ICustodianCommittee} from "../src/interfaces/ICustodianCommittee.sol";
import {IRewardPool, Settlement} from "../src/interfaces/IRewardPool.sol";
import {Base} from "./Base.t.sol";

contract RewardPoolParametersTest is Base {
    /// @dev A call around the deployment: forge does not notice a deployment that should have failed and did not.
    function make(
        IERC20 token_,
        IAccessRequests requests_,
        ICustodianCommittee committee_,
        address treasury_,
        uint40 delay
    ) external returns (RewardPool) {
        return new RewardPool(token_, requests_, committee_, dao, treasury_, guardian, delay);
    }

    // ----------------------------------------------------------------------------------------------------- refusals

    function test_refuses_everybody_but_the_owner() public {
        address[3] memory senders = [council, guardian, mallory.account];
        for (uint256 i; i < senders.length; ++i) {
            bytes memory refusal = abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, senders[i]);
            vm.expectRevert(refusal);
            vm.prank(senders[i]);
            rewards.setGuardian(senders[i]);
            vm.expectRevert(refusal);
            vm.prank(senders[i]);
            rewards.setTreasury(senders[i]);
        }
    }

    function test_refuses_to_be_made_without_its_neighbours() public {
        vm.expectRevert(ICommonErrors.AddressZero.selector);
        this.make(IERC20(address(0)), requests, committee, treasury, 0);
        vm.expectRevert(ICommonErrors.AddressZero.selector);
        this.make(token, IAccessRequests(address(0)), committee, treasury, 0);
        vm.expectRevert(ICommonErrors.AddressZero.selector);
        this.make(token, requests, ICustodianCommittee(address(0)), treasury, 0);
        vm.expectRevert(ICommonErrors.AddressZero.selector);
        this.make(token, requests, committee, address(0), 0);
    }

    /// @dev What is voided must be settled again before the escrow goes back.
    function testFuzz_refuses_a_delay_as_long_as_the_shortest_window(uint40 delay) public {
        if (delay < WINDOW) delay = WINDOW;
        vm.expectRevert(abi.encodeWithSelector(IRewardPool.ClaimDelayTooLong.selector, delay, WINDOW));
        this.make(token, requests, committee, treasury, delay);
    }

    function test_refuses_the_zero_address_as_treasury() public {
        vm.expectRevert(ICommonErrors.AddressZero.selector);
        vm.prank(dao);
        rewards.setTreasury(address(0));
    }

    /// @dev Cannot happen with our AccessRequests, which pays what it was asked for; this pool does not take it on trust.
    function test_refuses_when_the_escrow_paid_something_else() public {
        Settlement memory settlement = _settlement(_openRequest(1), PRICE, "root");
        bytes[] memory signatures = _signBy(carol, cid, settlement);
        vm.mockCall(address(requests), abi.encodePacked(requests.spend.selector), abi.encode(PRICE - 1));
        vm.expectRevert(abi.encodeWithSelector(IRewardPool.SpendingMismatch.selector, PRICE - 1, PRICE));
        rewards.settle(settlement, signatures);
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function test_keeps_what_it_was_made_with() public {
        vm.expectEmit();
        emit IRewardPool.TreasuryChanged(treasury);
        vm.expectEmit();
        emit IRewardPool.GuardianChanged(guardian);
        RewardPool made = new RewardPool(token, requests, committee, dao, treasury, guardian, WINDOW - 1);
        vm.assertEq(address(made.token()), address(token));
        vm.assertEq(address(made.requests()), address(requests));
        vm.assertEq(address(made.committee()), address(committee));
        vm.assertEq(made.owner(), dao);
        vm.assertEq(made.treasury(), treasury);
        vm.assertEq(made.guardian(), guardian);
        vm.assertEq(made.claimDelay(), WINDOW - 1);
        vm.assertEq(made.OWNERS_MINIMUM_BPS(), 5000);
    }

    function test_the_owner_names_another_guardian_or_none() public {
        vm.expectEmit(address(rewards));
        emit IRewardPool.GuardianChanged(alice.account);
        vm.prank(dao);
        rewards.setGuardian(alice.account);
        vm.assertEq(rewards.guardian(), alice.account);
        vm.prank(dao);
        rewards.setGuardian(address(0));
        vm.assertEq(rewards.guardian(), address(0));
    }

    function test_the_owner_names_another_treasury() public {
        vm.expectEmit(address(rewards));
        emit IRewardPool.TreasuryChanged(alice.account);
        vm.prank(dao);
        rewards.setTreasury(alice.account);
        vm.assertEq(rewards.treasury(), alice.account);
    }
}
