// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IGranaryDomain} from "./interfaces/IGranaryDomain.sol";

/// @title GranaryDomain
/// @notice The EIP-712 domain that all contracts of Granary share but for their address.
abstract contract GranaryDomain is EIP712("Granary", "1"), IGranaryDomain {
    /// @inheritdoc IGranaryDomain
    function DOMAIN_SEPARATOR() public view returns (bytes32) {
        return _domainSeparatorV4();
    }
}
