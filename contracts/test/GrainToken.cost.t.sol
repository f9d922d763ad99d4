// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessRequest} from "../src/interfaces/IAccessRequests.sol";
import {Settlement} from "../src/interfaces/IRewardPool.sol";
import {Base} from "./Base.t.sol";

/// @notice What it costs somebody to buy votes by trading with themselves: to be the trainer and the contributor at once,
/// pay for the use of one's own data, claim the owner's part and mint votes against it. The owner's part comes back each
/// time, the fees do not.
contract CostTest is Base {
    event log_named_decimal_uint(string name, uint256 value, uint256 decimals);

    /// @dev Trent pays for the use of Trent's data, `rounds` times with the same money. Answers what was lost and won.
    function _trade(uint256 rounds, uint256 treasuryBps, uint256 custodiansBps)
        internal
        returns (uint256 cost, uint256 votes)
    {
        vm.prank(dao);
        requests.setFees(uint16(treasuryBps), uint16(custodiansBps));
        uint256 before = token.balanceOf(trent.account);
        uint256 earned = rewards.claimed(trent.account);
        uint256 fees = rewards.total() - earned;
        for (uint256 i; i < rounds; ++i) {
            AccessRequest memory message = _request(1000);
            message.salt = keccak256(abi.encode(i, rewards.total()));
            bytes32 request = _open(message);
            uint256 spent = 1000 * PRICE;
            uint256 fee = spent * (treasuryBps + custodiansBps) / 10_000;
            (earned, fees) = (earned + spent - fee, fees + fee);
            _settle(_settlement(request, spent, _node(_leaf(trent.account, earned), _leaf(treasury, fees))));
            bytes32[] memory proof = new bytes32[](1);
            proof[0] = _leaf(treasury, fees);
            rewards.claim(trent.account, earned, proof);
        }
        vm.prank(trent.account);
        votes = grain.join();
        cost = before - token.balanceOf(trent.account);
    }

    /// @dev 15 % of the price buys 85 % of it in votes: 15/85, or 0.1765 of the reward token for each GRAIN.
    function test_costs_more_than_a_sixth_of_each_vote_at_the_fees_of_the_deployment() public {
        (uint256 cost, uint256 votes) = _trade(10, 500, 1000);
        emit log_named_decimal_uint("reward token lost for each GRAIN at fees of 5 % and 10 %", cost * 1e18 / votes, 18);
        vm.assertEq(cost, 10 * 1000 * PRICE * 15 / 100);
        vm.assertEq(votes, 10 * 1000 * PRICE * 85 / 100);
        vm.assertEq(cost * 10_000 / votes, 1764);
    }

    function test_costs_as_much_as_it_yields_at_the_highest_fees() public {
        (uint256 cost, uint256 votes) = _trade(2, 2500, 2500);
        vm.assertEq(cost, votes);
    }

    /// @dev Then only gas and the time for which the money is tied up stand in the way: fees are what protects the votes.
    function test_costs_nothing_but_gas_without_fees() public {
        (uint256 cost, uint256 votes) = _trade(2, 0, 0);
        vm.assertEq(cost, 0);
        vm.assertEq(votes, 2 * 1000 * PRICE);
    }

    /// @dev Cost a vote = fees / (1 - fees), whatever they are; never less for more rounds.
    function testFuzz_costs_the_fees_and_nothing_less(uint16 treasuryBps, uint16 custodiansBps, uint8 rounds) public {
        uint256 treasuryPart = treasuryBps % 2501;
        uint256 custodiansPart = custodiansBps % 2501;
        (uint256 cost, uint256 votes) = _trade(1 + rounds % 4, treasuryPart, custodiansPart);
        uint256 fees = treasuryPart + custodiansPart;
        vm.assertEq(cost * (10_000 - fees), votes * fees);
    }
}
