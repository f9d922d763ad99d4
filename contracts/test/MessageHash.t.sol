// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DatasetRegistry} from "../src/DatasetRegistry.sol";
import {AccessRequest, Approval} from "../src/interfaces/IAccessRequests.sol";
import {ConsentUpdate, Contribution, Withdrawal} from "../src/interfaces/IDatasetRegistry.sol";
import {Join} from "../src/interfaces/IGrainToken.sol";
import {Proposal} from "../src/interfaces/IGranaryGovernor.sol";
import {Settlement, Spending} from "../src/interfaces/IRewardPool.sol";
import {TrainerApplication} from "../src/interfaces/ITrainerRegistry.sol";
import {MessageHash} from "../src/libraries/MessageHash.sol";
import {SignatureCheck} from "../src/libraries/SignatureCheck.sol";
import {Signing} from "./support/Signing.sol";

/// @notice The vectors that TypeScript reads too, made by an independent program.
contract MessageHashTest is Signing {
    string private json;

    function setUp() public {
        json = vm.readFile("../test/vectors/messages.json");
    }

    function test_hashes_every_message_as_the_vectors_say() public view {
        uint256 count;
        for (; vm.keyExistsJson(json, _path(count, "")); ++count) {
            string memory name = vm.parseJsonString(json, _path(count, ".name"));
            vm.assertEq(_hashOf(count, name), vm.parseJsonBytes32(json, _path(count, ".structHash")), name);
        }
        string[14] memory kinds = [
            "Contribution",
            "ConsentUpdate",
            "Withdrawal",
            "OwnerRelease",
            "TrainerApplication",
            "AccessRequest",
            "Approval",
            "ReleaseOrder",
            "Receipt",
            "Delivery",
            "Settlement",
            "Join",
            "Proposal",
            "Ballot"
        ];
        for (uint256 i; i < kinds.length; ++i) {
            vm.assertTrue(_has(kinds[i], count), string.concat("a vector of ", kinds[i]));
        }
    }

    function test_digests_and_signatures_are_as_the_vectors_say() public view {
        address signer = vm.addr(vm.parseJsonUint(json, ".privateKey"));
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Granary"),
                keccak256("1"),
                vm.parseJsonUint(json, ".chainId"),
                vm.parseJsonAddress(json, ".verifyingContract")
            )
        );
        for (uint256 i; vm.keyExistsJson(json, _path(i, "")); ++i) {
            bytes32 structHash = vm.parseJsonBytes32(json, _path(i, ".structHash"));
            bytes32 digest = keccak256(abi.encodePacked(hex"1901", domain, structHash));
            vm.assertEq(digest, vm.parseJsonBytes32(json, _path(i, ".digest")), "digest");
            bytes memory signature = vm.parseJsonBytes(json, _path(i, ".signature"));
            vm.assertTrue(this.isValid(signer, digest, signature), "signature");
        }
    }

    function test_the_domain_follows_the_chain() public {
        DatasetRegistry registry = new DatasetRegistry(address(this));
        vm.assertEq(
            _digest(registry, 0), keccak256(abi.encodePacked(hex"1901", registry.DOMAIN_SEPARATOR(), bytes32(0)))
        );
        vm.chainId(block.chainid + 1);
        vm.assertEq(
            _digest(registry, 0), keccak256(abi.encodePacked(hex"1901", registry.DOMAIN_SEPARATOR(), bytes32(0)))
        );
    }

    // --------------------------------------------------------------------------------- hashed by the contracts' code

    function isValid(address signer, bytes32 digest, bytes calldata signature) external view returns (bool) {
        return SignatureCheck.isValid(signer, digest, signature);
    }

    function contribution(Contribution calldata message) external pure returns (bytes32) {
        return MessageHash.hash(message);
    }

    function consentUpdate(ConsentUpdate calldata message) external pure returns (bytes32) {
        return MessageHash.hash(message);
    }

    function withdrawal(Withdrawal calldata message) external pure returns (bytes32) {
        return MessageHash.hash(message);
    }

    function trainerApplication(TrainerApplication calldata message) external pure returns (bytes32) {
        return MessageHash.hash(message);
    }

    function accessRequest(AccessRequest calldata message) external pure returns (bytes32) {
        return MessageHash.hash(message);
    }

    function approval(Approval calldata message) external pure returns (bytes32) {
        return MessageHash.hash(message);
    }

    function join(Join calldata message) external pure returns (bytes32) {
        return MessageHash.hash(message);
    }

    function proposal(Proposal calldata message) external pure returns (bytes32) {
        return MessageHash.hash(message);
    }

    function settlement(Settlement calldata message) external pure returns (bytes32) {
        return MessageHash.hash(message);
    }

    function _hashOf(uint256 i, string memory name) private view returns (bytes32) {
        bytes32 kind = keccak256(bytes(name));
        if (kind == keccak256("Contribution")) {
            return this.contribution(
                Contribution({
                    owner: _address(i, "owner"),
                    content: _word(i, "content"),
                    metadata: _word(i, "metadata"),
                    pool: uint16(_uint(i, "pool")),
                    purposes: uint32(_uint(i, "purposes")),
                    expires: uint40(_uint(i, "expires")),
                    flags: uint8(_uint(i, "flags")),
                    deadline: _uint(i, "deadline")
                })
            );
        }
        if (kind == keccak256("ConsentUpdate")) {
            return this.consentUpdate(
                ConsentUpdate({
                    dataset: _word(i, "dataset"),
                    purposes: uint32(_uint(i, "purposes")),
                    expires: uint40(_uint(i, "expires")),
                    ask: _bool(i, "ask"),
                    issued: uint40(_uint(i, "issued")),
                    deadline: _uint(i, "deadline")
                })
            );
        }
        if (kind == keccak256("Withdrawal")) {
            return this.withdrawal(Withdrawal(_address(i, "owner"), _word(i, "content")));
        }
        if (kind == keccak256("TrainerApplication")) {
            return this.trainerApplication(
                TrainerApplication(_address(i, "trainer"), _word(i, "profile"), _uint(i, "deadline"))
            );
        }
        if (kind == keccak256("AccessRequest")) {
            return this.accessRequest(_accessRequest(i));
        }
        if (kind == keccak256("Approval")) {
            return this.approval(
                Approval(_word(i, "request"), _word(i, "dataset"), _bool(i, "granted"), _uint(i, "deadline"))
            );
        }
        if (kind == keccak256("Settlement")) {
            return this.settlement(_settlement(i));
        }
        if (kind == keccak256("Join")) {
            Join memory message = Join(_address(i, "account"), _uint(i, "deadline"));
            vm.assertEq(this.join(message), _hash(message), "hashed a second time");
            return this.join(message);
        }
        if (kind == keccak256("Proposal")) {
            Proposal memory message = _proposal(i);
            vm.assertEq(this.proposal(message), _hash(message), "hashed a second time");
            return this.proposal(message);
        }
        if (kind == keccak256("Ballot")) {
            uint8 support = uint8(_uint(i, "support"));
            return _hashBallot(_uint(i, "proposalId"), support, _address(i, "voter"), _uint(i, "nonce"));
        }
        return _offChainHash(i, kind);
    }

    // -------------------------------------------------------------------------- read by custodians only, not on chain

    function _offChainHash(uint256 i, bytes32 kind) private view returns (bytes32) {
        bytes32 typeHash = keccak256(bytes(vm.parseJsonString(json, _path(i, ".typeString"))));
        if (kind == keccak256("OwnerRelease")) {
            return keccak256(
                abi.encode(
                    typeHash, _address(i, "owner"), _word(i, "datasets"), _word(i, "recipient"), _uint(i, "deadline")
                )
            );
        }
        if (kind == keccak256("ReleaseOrder")) {
            return keccak256(abi.encode(typeHash, _word(i, "request"), _word(i, "datasets"), _uint(i, "deadline")));
        }
        if (kind == keccak256("Receipt")) {
            return keccak256(
                abi.encode(
                    typeHash,
                    _word(i, "request"),
                    _uint(i, "epoch"),
                    _word(i, "order"),
                    _word(i, "datasets"),
                    _uint(i, "time")
                )
            );
        }
        vm.assertTrue(kind == keccak256("Delivery"), "a message that this test does not know");
        return keccak256(abi.encode(typeHash, _word(i, "request"), _uint(i, "epoch"), _word(i, "answer")));
    }

    // ------------------------------------------------------------------------------------------------------- reading

    function _accessRequest(uint256 i) private view returns (AccessRequest memory) {
        return AccessRequest({
            trainer: _address(i, "trainer"),
            pool: uint16(_uint(i, "pool")),
            purposes: uint32(_uint(i, "purposes")),
            manifestRoot: _word(i, "manifestRoot"),
            manifestDocument: _word(i, "manifestDocument"),
            count: uint32(_uint(i, "count")),
            recipient: _word(i, "recipient"),
            maxTotalPrice: _uint(i, "maxTotalPrice"),
            expires: uint40(_uint(i, "expires")),
            salt: _word(i, "salt"),
            deadline: _uint(i, "deadline")
        });
    }

    function _settlement(uint256 i) private view returns (Settlement memory message) {
        message.number = _uint(i, "number");
        message.epoch = uint32(_uint(i, "epoch"));
        message.root = _word(i, "root");
        message.total = _uint(i, "total");
        message.document = _word(i, "document");
        message.previousDocument = _word(i, "previousDocument");
        message.finals = vm.parseJsonBytes32Array(json, _field(i, "finals"));
        uint256 count;
        while (vm.keyExistsJson(json, _spending(i, count, ""))) ++count;
        message.spending = new Spending[](count);
        for (uint256 j; j < count; ++j) {
            message.spending[j].request = vm.parseJsonBytes32(json, _spending(i, j, ".request"));
            message.spending[j].amount = vm.parseJsonUint(json, _spending(i, j, ".amount"));
        }
    }

    function _proposal(uint256 i) private view returns (Proposal memory message) {
        message.proposer = _address(i, "proposer");
        message.targets = vm.parseJsonAddressArray(json, _field(i, "targets"));
        message.values = vm.parseJsonUintArray(json, _field(i, "values"));
        message.calldatas = vm.parseJsonBytesArray(json, _field(i, "calldatas"));
        message.description = vm.parseJsonString(json, _field(i, "description"));
        message.deadline = _uint(i, "deadline");
    }

    function _has(string memory name, uint256 count) private view returns (bool) {
        for (uint256 i; i < count; ++i) {
            if (keccak256(bytes(vm.parseJsonString(json, _path(i, ".name")))) == keccak256(bytes(name))) return true;
        }
        return false;
    }

    function _path(uint256 i, string memory rest) private pure returns (string memory) {
        return string.concat(".messages[", vm.toString(i), "]", rest);
    }

    function _field(uint256 i, string memory field) private pure returns (string memory) {
        return _path(i, string.concat(".message.", field));
    }

    function _spending(uint256 i, uint256 j, string memory rest) private pure returns (string memory) {
        return _field(i, string.concat("spending[", vm.toString(j), "]", rest));
    }

    function _word(uint256 i, string memory field) private view returns (bytes32) {
        return vm.parseJsonBytes32(json, _field(i, field));
    }

    function _uint(uint256 i, string memory field) private view returns (uint256) {
        return vm.parseJsonUint(json, _field(i, field));
    }

    function _address(uint256 i, string memory field) private view returns (address) {
        return vm.parseJsonAddress(json, _field(i, field));
    }

    function _bool(uint256 i, string memory field) private view returns (bool) {
        return vm.parseJsonBool(json, _field(i, field));
    }
}
