// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {ICommonErrors} from "../src/interfaces/ICommonErrors.sol";
import {Join} from "../src/interfaces/IGrainToken.sol";
import {Proposal} from "../src/interfaces/IGranaryGovernor.sol";
import {Dao} from "./support/Dao.sol";
import {Actor} from "./support/Signing.sol";
import {HonestWallet} from "./support/Wallets.sol";

contract ProposeBySigTest is Dao {
    function _idOf(Proposal memory p) internal view returns (uint256) {
        return governor.hashProposal(p.targets, p.values, p.calldatas, keccak256(bytes(p.description)));
    }

    function _refuses(Proposal memory proposal, Actor memory signer, bytes memory refusal) internal {
        bytes memory signature = _sign(signer, _digest(governor, _hash(proposal)));
        vm.expectRevert(refusal);
        governor.proposeBySig(proposal, signature);
        uint256 id = _idOf(proposal);
        vm.assertEq(governor.proposalSnapshot(id), 0);
    }

    // ----------------------------------------------------------------------------------------------------- refusals

    function test_refuses_after_the_deadline() public {
        Proposal memory proposal = _anyProposal();
        vm.warp(proposal.deadline + 1);
        _refuses(proposal, alice, abi.encodeWithSelector(ICommonErrors.MessageExpired.selector, proposal.deadline));
    }

    function test_refuses_the_signature_of_somebody_else() public {
        _refuses(
            _anyProposal(), mallory, abi.encodeWithSelector(ICommonErrors.SignatureInvalid.selector, alice.account)
        );
    }

    function testFuzz_refuses_what_was_altered_after_signing(uint8 field) public {
        Proposal memory proposal = _anyProposal();
        bytes memory signature = _sign(alice, _digest(governor, _hash(proposal)));
        field = field % 5;
        if (field == 0) proposal.targets[0] = address(rewards);
        if (field == 1) proposal.values[0] = 1;
        if (field == 2) proposal.calldatas[0] = abi.encodeCall(requests.setFees, (0, 0));
        if (field == 3) proposal.description = "Another";
        if (field == 4) proposal.deadline += 1;
        vm.expectRevert(abi.encodeWithSelector(ICommonErrors.SignatureInvalid.selector, alice.account));
        governor.proposeBySig(proposal, signature);
    }

    function test_refuses_who_has_too_few_votes() public {
        Proposal memory proposal = _anyProposal();
        proposal.proposer = mallory.account;
        _earn(mallory.account, PROPOSAL_THRESHOLD - 1);
        _joinFor(mallory);
        vm.warp(block.timestamp + 1);
        _refuses(
            proposal,
            mallory,
            abi.encodeWithSelector(
                IGovernor.GovernorInsufficientProposerVotes.selector,
                mallory.account,
                PROPOSAL_THRESHOLD - 1,
                PROPOSAL_THRESHOLD
            )
        );
    }

    /// @dev Votes of this very second do not count yet.
    function test_refuses_votes_that_are_not_a_second_old() public {
        Proposal memory proposal = _anyProposal();
        proposal.proposer = mallory.account;
        _earn(mallory.account, 10e18);
        _joinFor(mallory);
        _refuses(
            proposal,
            mallory,
            abi.encodeWithSelector(
                IGovernor.GovernorInsufficientProposerVotes.selector, mallory.account, 0, PROPOSAL_THRESHOLD
            )
        );
    }

    function test_refuses_a_description_that_names_another_proposer() public {
        Proposal memory proposal = _anyProposal();
        proposal.description = string.concat("Fees#proposer=", _hex(bob.account));
        _refuses(proposal, alice, abi.encodeWithSelector(IGovernor.GovernorRestrictedProposer.selector, alice.account));
    }

    function test_refuses_a_replay() public {
        Proposal memory proposal = _anyProposal();
        bytes memory signature = _sign(alice, _digest(governor, _hash(proposal)));
        uint256 id = governor.proposeBySig(proposal, signature);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorUnexpectedProposalState.selector, id, IGovernor.ProposalState.Pending, bytes32(0)
            )
        );
        governor.proposeBySig(proposal, signature);
    }

    function test_refuses_lists_of_different_length() public {
        Proposal memory proposal = _anyProposal();
        proposal.values = new uint256[](2);
        _refuses(proposal, alice, abi.encodeWithSelector(IGovernor.GovernorInvalidProposalLength.selector, 1, 1, 2));
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function test_proposes_for_who_signed_whoever_sends_it() public {
        Proposal memory proposal = _anyProposal();
        bytes memory signature = _sign(alice, _digest(governor, _hash(proposal)));
        vm.warp(proposal.deadline);
        vm.expectEmit(address(governor));
        emit IGovernor.ProposalCreated(
            _idOf(proposal),
            alice.account,
            proposal.targets,
            proposal.values,
            new string[](1),
            proposal.calldatas,
            block.timestamp + VOTING_DELAY,
            block.timestamp + VOTING_DELAY + VOTING_PERIOD,
            proposal.description
        );
        vm.prank(mallory.account);
        uint256 id = governor.proposeBySig(proposal, signature);
        vm.assertEq(id, _idOf(proposal));
        vm.assertEq(governor.proposalProposer(id), alice.account);
        _assertState(id, IGovernor.ProposalState.Pending);
    }

    /// @dev Nobody can take the proposal away by sending it first in their own name.
    function test_proposes_what_only_its_proposer_may() public {
        Proposal memory proposal = _anyProposal();
        proposal.description = string.concat("Fees#proposer=", _hex(alice.account));
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorRestrictedProposer.selector, bob.account));
        vm.prank(bob.account);
        governor.propose(proposal.targets, proposal.values, proposal.calldatas, proposal.description);
        uint256 id = _propose(proposal);
        vm.assertEq(governor.proposalProposer(id), alice.account);
    }

    function test_proposes_with_just_enough_votes() public {
        _earn(mallory.account, PROPOSAL_THRESHOLD);
        _joinFor(mallory);
        vm.warp(block.timestamp + 1);
        Proposal memory proposal = _anyProposal();
        proposal.proposer = mallory.account;
        uint256 id = governor.proposeBySig(proposal, _sign(mallory, _digest(governor, _hash(proposal))));
        vm.assertEq(governor.proposalProposer(id), mallory.account);
    }

    function test_proposes_for_a_contract_account() public {
        address wallet = address(new HonestWallet(alice.account));
        _earn(wallet, 5e18);
        Join memory message = Join(wallet, block.timestamp);
        grain.joinFor(message, _sign(alice, _digest(grain, _hash(message))));
        vm.warp(block.timestamp + 1);
        Proposal memory proposal = _anyProposal();
        proposal.proposer = wallet;
        vm.assertEq(governor.proposalProposer(_propose(proposal)), wallet);
    }

    function test_the_domain_is_that_of_all_contracts() public {
        vm.assertEq(
            _digest(governor, 0), keccak256(abi.encodePacked(hex"1901", governor.DOMAIN_SEPARATOR(), bytes32(0)))
        );
        vm.chainId(block.chainid + 1);
        vm.assertEq(
            _digest(governor, 0), keccak256(abi.encodePacked(hex"1901", governor.DOMAIN_SEPARATOR(), bytes32(0)))
        );
    }

    function _hex(address account) private pure returns (string memory) {
        bytes memory digits = "0123456789abcdef";
        bytes memory text = new bytes(42);
        (text[0], text[1]) = ("0", "x");
        for (uint256 i; i < 40; ++i) {
            text[41 - i] = digits[(uint160(account) >> (4 * i)) & 15];
        }
        return string(text);
    }
}
