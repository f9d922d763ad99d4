// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice As much of ENS's registry as looking names up takes (ERC-137).
contract EnsRegistry {
    mapping(bytes32 node => address) public resolver;

    function setResolver(bytes32 node, address to) external {
        resolver[node] = to;
    }
}

/// @notice A resolver of names and addresses (ERC-137, ERC-181).
contract EnsResolver {
    mapping(bytes32 node => string) public name;
    mapping(bytes32 node => address) public addr;

    function set(bytes32 reverse, string calldata to) external {
        name[reverse] = to;
    }

    function set(bytes32 node, address to) external {
        addr[node] = to;
    }

    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == 0x01ffc9a7 || id == 0x691f3431 || id == 0x3b3b57de;
    }
}
