// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title IGranaryDomain
/// @notice A contract that takes typed messages (EIP-712) under the domain
/// `{name: "Granary", version: "1", chainId, verifyingContract: this contract}`.
/// @dev Signatures are checked by ECDSA first (65 bytes, low s) and then, if the signer has code, by ERC-1271 with at
/// most 150,000 gas. There are no nonces: a replay changes nothing.
interface IGranaryDomain {
    /// @notice The domain separator on this chain. Computed anew should the chain id ever change.
    function DOMAIN_SEPARATOR() external view returns (bytes32);
}
