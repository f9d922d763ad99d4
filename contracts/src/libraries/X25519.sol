// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title X25519
/// @notice Knows the public keys that no one may seal to.
library X25519 {
    /// @dev Whether the u-coordinate (little endian, as in RFC 7748) has low order: what is sealed to such a point
    /// anyone can open. The list is complete: of the residues 0, 1, -1 and the two of order 8 only 0 and 1 have a second
    /// encoding below 2^255; the top bit is ignored, as X25519 ignores it.
    function isLowOrder(bytes32 u) internal pure returns (bool) {
        u &= 0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f;
        return u == 0x0000000000000000000000000000000000000000000000000000000000000000
            || u == 0x0100000000000000000000000000000000000000000000000000000000000000
            || u == 0xe0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800
            || u == 0x5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157
            || u == 0xecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f
            || u == 0xedffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f
            || u == 0xeeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f;
    }
}
