// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessRequest, Approval} from "../interfaces/IAccessRequests.sol";
import {ConsentUpdate, Contribution, Withdrawal} from "../interfaces/IDatasetRegistry.sol";
import {Join} from "../interfaces/IGrainToken.sol";
import {Proposal} from "../interfaces/IGranaryGovernor.sol";
import {Settlement, Spending} from "../interfaces/IRewardPool.sol";
import {TrainerApplication} from "../interfaces/ITrainerRegistry.sol";

/// @title MessageHash
/// @notice The EIP-712 struct hash of every message that a contract reads. The same vectors check it here and in
/// TypeScript (`test/vectors/messages.json`).
library MessageHash {
    bytes32 internal constant CONTRIBUTION = keccak256(
        "Contribution(address owner,bytes32 content,bytes32 metadata,uint16 pool,uint32 purposes,uint40 expires,uint8 flags,uint256 deadline)"
    );

    bytes32 internal constant CONSENT_UPDATE = keccak256(
        "ConsentUpdate(bytes32 dataset,uint32 purposes,uint40 expires,bool ask,uint40 issued,uint256 deadline)"
    );

    bytes32 internal constant WITHDRAWAL = keccak256("Withdrawal(address owner,bytes32 content)");

    bytes32 internal constant TRAINER_APPLICATION =
        keccak256("TrainerApplication(address trainer,bytes32 profile,uint256 deadline)");

    bytes32 internal constant ACCESS_REQUEST = keccak256(
        "AccessRequest(address trainer,uint16 pool,uint32 purposes,bytes32 manifestRoot,bytes32 manifestDocument,uint32 count,bytes32 recipient,uint256 maxTotalPrice,uint40 expires,bytes32 salt,uint256 deadline)"
    );

    bytes32 internal constant APPROVAL =
        keccak256("Approval(bytes32 request,bytes32 dataset,bool granted,uint256 deadline)");

    bytes32 internal constant JOIN = keccak256("Join(address account,uint256 deadline)");

    bytes32 internal constant PROPOSAL = keccak256(
        "Proposal(address proposer,address[] targets,uint256[] values,bytes[] calldatas,string description,uint256 deadline)"
    );

    bytes32 internal constant SPENDING = keccak256("Spending(bytes32 request,uint256 amount)");

    bytes32 internal constant SETTLEMENT = keccak256(
        "Settlement(uint256 number,uint32 epoch,bytes32 root,uint256 total,bytes32 document,bytes32 previousDocument,Spending[] spending,bytes32[] finals)Spending(bytes32 request,uint256 amount)"
    );

    /// @dev Copies the message as it stands, for the gas; whoever reads its narrow fields (all of them are read) has
    /// the compiler refuse bits beyond their width.
    function hash(Contribution calldata message) internal pure returns (bytes32 result) {
        bytes32 typeHash = CONTRIBUTION;
        assembly ("memory-safe") {
            let start := mload(0x40)
            mstore(start, typeHash)
            calldatacopy(add(start, 0x20), message, 0x100)
            result := keccak256(start, 0x120)
        }
    }

    function hash(ConsentUpdate calldata message) internal pure returns (bytes32) {
        return keccak256(abi.encode(CONSENT_UPDATE, message));
    }

    function hash(Withdrawal calldata message) internal pure returns (bytes32) {
        return keccak256(abi.encode(WITHDRAWAL, message));
    }

    function hash(TrainerApplication calldata message) internal pure returns (bytes32) {
        return keccak256(abi.encode(TRAINER_APPLICATION, message));
    }

    function hash(AccessRequest calldata message) internal pure returns (bytes32) {
        return keccak256(abi.encode(ACCESS_REQUEST, message));
    }

    function hash(Approval calldata message) internal pure returns (bytes32) {
        return keccak256(abi.encode(APPROVAL, message));
    }

    function hash(Join calldata message) internal pure returns (bytes32) {
        return keccak256(abi.encode(JOIN, message));
    }

    function hash(Proposal calldata message) internal pure returns (bytes32) {
        bytes32[] memory calldatas = new bytes32[](message.calldatas.length);
        for (uint256 i; i < calldatas.length; ++i) {
            calldatas[i] = keccak256(message.calldatas[i]);
        }
        return keccak256(
            abi.encode(
                PROPOSAL,
                message.proposer,
                keccak256(abi.encodePacked(message.targets)),
                keccak256(abi.encodePacked(message.values)),
                keccak256(abi.encodePacked(calldatas)),
                keccak256(bytes(message.description)),
                message.deadline
            )
        );
    }

    function hash(Settlement calldata message) internal pure returns (bytes32) {
        bytes32[] memory spending = new bytes32[](message.spending.length);
        for (uint256 i; i < spending.length; ++i) {
            Spending calldata item = message.spending[i];
            spending[i] = keccak256(abi.encode(SPENDING, item.request, item.amount));
        }
        return keccak256(
            abi.encode(
                SETTLEMENT,
                message.number,
                message.epoch,
                message.root,
                message.total,
                message.document,
                message.previousDocument,
                keccak256(abi.encodePacked(spending)),
                keccak256(abi.encodePacked(message.finals))
            )
        );
    }
}
