// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SignatureCheck} from "../src/libraries/SignatureCheck.sol";
import {Actor, Signing} from "./support/Signing.sol";
import {
    BurningWallet,
    FloodingWallet,
    HonestWallet,
    RevertingWallet,
    ShortWallet,
    ThriftyWallet
} from "./support/Wallets.sol";

contract SignatureCheckTest is Signing {
    bytes32 internal constant DIGEST = keccak256("digest");
    Actor internal alice;
    Actor internal mallory;

    function setUp() public {
        (alice, mallory) = (_actor("Alice"), _actor("Mallory"));
    }

    function isValid(address signer, bytes32 digest, bytes calldata signature) external view returns (bool) {
        return SignatureCheck.isValid(signer, digest, signature);
    }

    // ----------------------------------------------------------------------------------------------------- refusals

    function testFuzz_refuses_rubbish_and_never_reverts(address signer, bytes32 digest, bytes calldata rubbish)
        public
        view
    {
        vm.assume(signer.code.length == 0);
        vm.assertFalse(this.isValid(signer, digest, rubbish));
    }

    function test_refuses_the_zero_address() public view {
        vm.assertFalse(this.isValid(address(0), DIGEST, new bytes(65)));
        vm.assertFalse(this.isValid(address(0), DIGEST, ""));
    }

    function testFuzz_refuses_another_digest_and_another_signer(bytes32 digest) public view {
        vm.assume(digest != DIGEST);
        vm.assertFalse(this.isValid(alice.account, digest, _sign(alice, DIGEST)));
        vm.assertFalse(this.isValid(mallory.account, digest, _sign(alice, digest)));
    }

    function testFuzz_refuses_high_s(uint256 key) public view {
        key = 1 + key % 1e40;
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, DIGEST);
        bytes32 high = bytes32(0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141 - uint256(s));
        bytes memory malleated = abi.encodePacked(r, high, v == 27 ? uint8(28) : uint8(27));
        vm.assertFalse(this.isValid(vm.addr(key), DIGEST, malleated));
        vm.assertTrue(this.isValid(vm.addr(key), DIGEST, abi.encodePacked(r, s, v)));
    }

    function test_refuses_the_short_form() public view {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(alice.key, DIGEST);
        bytes32 vs = bytes32(uint256(s) | (uint256(v - 27) << 255));
        vm.assertFalse(this.isValid(alice.account, DIGEST, abi.encodePacked(r, vs)));
    }

    function test_refuses_wallets_that_do_not_answer_as_they_must() public {
        bytes memory signature = _sign(mallory, DIGEST);
        vm.assertFalse(this.isValid(address(new RevertingWallet()), DIGEST, signature));
        vm.assertFalse(this.isValid(address(new ShortWallet()), DIGEST, signature));
        vm.assertFalse(this.isValid(address(new HonestWallet(alice.account)), DIGEST, signature));
        vm.assertFalse(this.isValid(address(this), DIGEST, signature));
    }

    function test_reverts_when_too_little_gas_is_left_for_a_wallet() public {
        address wallet = address(new HonestWallet(alice.account));
        bytes memory signature = _sign(alice, DIGEST);
        vm.assertTrue(this.isValid{gas: 170_000}(wallet, DIGEST, signature));
        try this.isValid{gas: 150_000}(wallet, DIGEST, signature) {
            vm.assertTrue(false, "answered");
        } catch (bytes memory reason) {
            vm.assertEq(bytes4(reason), SignatureCheck.GasTooLow.selector);
        }
        // Nobody else needs it.
        vm.assertTrue(this.isValid{gas: 50_000}(alice.account, DIGEST, signature));
        vm.assertFalse(this.isValid{gas: 50_000}(mallory.account, DIGEST, signature));
    }

    /// @dev Just enough is enough: the wallet gets all that it is promised.
    function testFuzz_a_wallet_gets_its_gas_or_the_check_reverts(uint256 gas) public {
        gas = 100_000 + gas % 150_000;
        address wallet = address(new ThriftyWallet());
        try this.isValid{gas: gas}(wallet, DIGEST, "") returns (bool valid) {
            vm.assertTrue(valid);
        } catch (bytes memory reason) {
            vm.assertEq(bytes4(reason), SignatureCheck.GasTooLow.selector);
        }
    }

    function test_a_wallet_burns_no_more_than_its_gas() public {
        address burner = address(new BurningWallet());
        uint256 gas = gasleft();
        vm.assertFalse(this.isValid(burner, DIGEST, _sign(mallory, DIGEST)));
        vm.assertLe(gas - gasleft(), 170_000, "gas of a burning wallet");
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function testFuzz_takes_the_signature_of_a_key(uint256 key, bytes32 digest) public view {
        key = 1 + key % 1e40;
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        vm.assertTrue(this.isValid(vm.addr(key), digest, abi.encodePacked(r, s, v)));
    }

    function test_takes_the_signature_of_a_wallet() public {
        vm.assertTrue(this.isValid(address(new HonestWallet(alice.account)), DIGEST, _sign(alice, DIGEST)));
    }

    /// @dev The answer beyond its first word is not copied, so it costs the wallet's gas only.
    function test_takes_a_long_answer_without_paying_for_it() public {
        address flooder = address(new FloodingWallet());
        uint256 gas = gasleft();
        vm.assertTrue(this.isValid(flooder, DIGEST, ""));
        vm.assertLe(gas - gasleft(), 170_000, "gas of a flooding wallet");
    }
}
