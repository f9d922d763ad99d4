// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessRequest, Approval} from "../../src/interfaces/IAccessRequests.sol";
import {ConsentUpdate, Contribution, Withdrawal} from "../../src/interfaces/IDatasetRegistry.sol";
import {IGranaryDomain} from "../../src/interfaces/IGranaryDomain.sol";
import {Join} from "../../src/interfaces/IGrainToken.sol";
import {Proposal} from "../../src/interfaces/IGranaryGovernor.sol";
import {Settlement} from "../../src/interfaces/IRewardPool.sol";
import {TrainerApplication} from "../../src/interfaces/ITrainerRegistry.sol";
import {Vm} from "./Vm.sol";

/// @notice A person or program of the story, with a key of its own.
struct Actor {
    address account;
    uint256 key;
}

/// @notice Signs messages as a wallet does, with hashes written down a second time: nothing of `src` but the structs.
abstract contract Signing {
    Vm internal constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);

    function _actor(string memory name) internal returns (Actor memory made) {
        made.key = uint256(keccak256(bytes(name)));
        made.account = vm.addr(made.key);
        vm.label(made.account, name);
    }

    function _sign(Actor memory by, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(by.key, digest);
        return abi.encodePacked(r, s, v);
    }

    function _digest(IGranaryDomain verifier, bytes32 structHash) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Granary"),
                keccak256("1"),
                block.chainid,
                address(verifier)
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function _hash(Contribution memory m) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256(
                    "Contribution(address owner,bytes32 content,bytes32 metadata,uint16 pool,uint32 purposes,uint40 expires,uint8 flags,uint256 deadline)"
                ),
                m
            )
        );
    }

    function _hash(ConsentUpdate memory m) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256(
                    "ConsentUpdate(bytes32 dataset,uint32 purposes,uint40 expires,bool ask,uint40 issued,uint256 deadline)"
                ),
                m
            )
        );
    }

    function _hash(Withdrawal memory m) internal pure returns (bytes32) {
        return keccak256(abi.encode(keccak256("Withdrawal(address owner,bytes32 content)"), m));
    }

    function _hash(TrainerApplication memory m) internal pure returns (bytes32) {
        return
            keccak256(abi.encode(keccak256("TrainerApplication(address trainer,bytes32 profile,uint256 deadline)"), m));
    }

    function _hash(AccessRequest memory m) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256(
                    "AccessRequest(address trainer,uint16 pool,uint32 purposes,bytes32 manifestRoot,bytes32 manifestDocument,uint32 count,bytes32 recipient,uint256 maxTotalPrice,uint40 expires,bytes32 salt,uint256 deadline)"
                ),
                m
            )
        );
    }

    function _hash(Approval memory m) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(keccak256("Approval(bytes32 request,bytes32 dataset,bool granted,uint256 deadline)"), m)
            );
    }

    function _hash(Join memory m) internal pure returns (bytes32) {
        return keccak256(abi.encode(keccak256("Join(address account,uint256 deadline)"), m));
    }

    function _hash(Proposal memory m) internal pure returns (bytes32) {
        bytes memory targets;
        bytes memory values;
        bytes memory calldatas;
        for (uint256 i; i < m.targets.length; ++i) {
            targets = bytes.concat(targets, abi.encode(m.targets[i]));
        }
        for (uint256 i; i < m.values.length; ++i) {
            values = bytes.concat(values, abi.encode(m.values[i]));
        }
        for (uint256 i; i < m.calldatas.length; ++i) {
            calldatas = bytes.concat(calldatas, keccak256(m.calldatas[i]));
        }
        return keccak256(
            abi.encode(
                keccak256(
                    "Proposal(address proposer,address[] targets,uint256[] values,bytes[] calldatas,string description,uint256 deadline)"
                ),
                m.proposer,
                keccak256(targets),
                keccak256(values),
                keccak256(calldatas),
                keccak256(bytes(m.description)),
                m.deadline
            )
        );
    }

    /// @dev A vote. Its nonce is always 0: an account votes once a proposal.
    function _hashBallot(uint256 proposalId, uint8 support, address voter) internal pure returns (bytes32) {
        return _hashBallot(proposalId, support, voter, 0);
    }

    function _hashBallot(uint256 proposalId, uint8 support, address voter, uint256 nonce)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(
            abi.encode(
                keccak256("Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)"),
                proposalId,
                support,
                voter,
                nonce
            )
        );
    }

    /// @dev A vote with a reason.
    function _hashBallot(uint256 proposalId, uint8 support, address voter, string memory reason, bytes memory params)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(
            abi.encode(
                keccak256(
                    "ExtendedBallot(uint256 proposalId,uint8 support,address voter,uint256 nonce,string reason,bytes params)"
                ),
                proposalId,
                support,
                voter,
                uint256(0),
                keccak256(bytes(reason)),
                keccak256(params)
            )
        );
    }

    function _hash(Settlement memory m) internal pure returns (bytes32) {
        bytes memory spending;
        for (uint256 i; i < m.spending.length; ++i) {
            spending = bytes.concat(
                spending, keccak256(abi.encode(keccak256("Spending(bytes32 request,uint256 amount)"), m.spending[i]))
            );
        }
        bytes memory head = abi.encode(
            keccak256(
                "Settlement(uint256 number,uint32 epoch,bytes32 root,uint256 total,bytes32 document,bytes32 previousDocument,Spending[] spending,bytes32[] finals)Spending(bytes32 request,uint256 amount)"
            ),
            m.number,
            m.epoch,
            m.root,
            m.total,
            m.document,
            m.previousDocument
        );
        return keccak256(bytes.concat(head, keccak256(spending), keccak256(abi.encodePacked(m.finals))));
    }
}
