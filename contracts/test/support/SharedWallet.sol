// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @notice A wallet of several owners of whom some number must sign, in the manner of Safe: what they sign is the digest
/// wrapped once more for this wallet and chain (`SafeMessage`), so that a signature for one wallet is none for another
/// wallet of the same owners. Signatures of 65 bytes one after the other, by ascending owner. For tests only.
contract SharedWallet is IERC1271 {
    bytes32 private constant DOMAIN = keccak256("EIP712Domain(uint256 chainId,address verifyingContract)");
    bytes32 private constant MESSAGE = keccak256("SafeMessage(bytes message)");
    bytes32 private constant TRANSACTION = keccak256("SafeTx(address to,uint256 value,bytes data,uint256 nonce)");

    uint256 public immutable threshold;
    uint256 public nonce;
    mapping(address account => bool) public isOwner;

    error NotSigned();

    constructor(address[] memory owners, uint256 threshold_) {
        threshold = threshold_;
        for (uint256 i; i < owners.length; ++i) {
            isOwner[owners[i]] = true;
        }
    }

    receive() external payable {}

    /// @notice Sends a call of this wallet's own. Anybody may bring the owners' signatures of `transactionDigest`.
    function execute(address to, uint256 value, bytes calldata data, bytes calldata signatures)
        external
        returns (bytes memory answer)
    {
        if (!_signed(transactionDigest(to, value, data), signatures)) revert NotSigned();
        ++nonce;
        bool done;
        (done, answer) = to.call{value: value}(data);
        if (!done) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
    }

    function isValidSignature(bytes32 hash, bytes calldata signatures) external view returns (bytes4) {
        return _signed(messageDigest(hash), signatures) ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }

    /// @notice What an owner signs for this wallet to sign `hash`.
    function messageDigest(bytes32 hash) public view returns (bytes32) {
        return _digest(keccak256(abi.encode(MESSAGE, keccak256(abi.encode(hash)))));
    }

    /// @notice What an owner signs for the next `execute`.
    function transactionDigest(address to, uint256 value, bytes calldata data) public view returns (bytes32) {
        return _digest(keccak256(abi.encode(TRANSACTION, to, value, keccak256(data), nonce)));
    }

    function _digest(bytes32 structHash) private view returns (bytes32) {
        bytes32 domain = keccak256(abi.encode(DOMAIN, block.chainid, address(this)));
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function _signed(bytes32 digest, bytes calldata signatures) private view returns (bool) {
        if (signatures.length < 65 * threshold) return false;
        address last;
        for (uint256 i; i < threshold; ++i) {
            (address owner, ECDSA.RecoverError fault,) =
                ECDSA.tryRecoverCalldata(digest, signatures[65 * i:65 * (i + 1)]);
            if (fault != ECDSA.RecoverError.NoError || owner <= last || !isOwner[owner]) return false;
            last = owner;
        }
        return true;
    }
}

/// @notice Makes shared wallets at addresses that are known before: what ERC-6492 needs. For tests only.
contract SharedWalletFactory {
    function create(address[] calldata owners, uint256 threshold, bytes32 salt) external returns (address) {
        return address(new SharedWallet{salt: salt}(owners, threshold));
    }

    function addressOf(address[] calldata owners, uint256 threshold, bytes32 salt) external view returns (address) {
        bytes memory code = abi.encodePacked(type(SharedWallet).creationCode, abi.encode(owners, threshold));
        bytes32 hash = keccak256(abi.encodePacked(hex"ff", address(this), salt, keccak256(code)));
        return address(uint160(uint256(hash)));
    }
}
